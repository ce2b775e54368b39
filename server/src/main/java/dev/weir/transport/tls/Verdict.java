package dev.weir.transport.tls;

import io.netty.internal.tcnative.CertificateVerifier;
import java.util.List;

/// What was found of a peer's certificate.
///
/// @param finding which rule has decided
/// @param code what the library is told, which makes an alert of it
/// @param detail why, in Envoy's words; empty if it passes
record Verdict(Finding finding, int code, String detail) {

  /// Which rule has decided.
  enum Finding {
    /// It passes.
    GOOD,
    /// Its chain is no good.
    UNTRUSTED,
    /// It has none of the names.
    WRONG_NAME,
    /// It is none of those that were named by their hash.
    WRONG_HASH
  }

  static final Verdict GOOD = new Verdict(Finding.GOOD, CertificateVerifier.X509_V_OK, "");

  /// What becomes the alert `certificate_unknown`.
  static final int UNKNOWN = CertificateVerifier.X509_V_ERR_SUBJECT_ISSUER_MISMATCH;

  static final Verdict WRONG_HASH =
      new Verdict(Finding.WRONG_HASH, UNKNOWN, "verify cert failed: cert hash and spki");

  /// @param names what it has instead
  static Verdict wrongName(List<String> names) {
    return new Verdict(
        Finding.WRONG_NAME,
        UNKNOWN,
        "verify cert failed: SAN matcher, certificate SANs are [" + String.join(", ", names) + "]");
  }

  static Verdict untrusted(int code, int depth, String why) {
    return new Verdict(
        Finding.UNTRUSTED,
        code,
        "verify cert failed: X509_verify_cert: certificate verification error at depth "
            + depth
            + ": "
            + why);
  }

  boolean isGood() {
    return finding == Finding.GOOD;
  }
}
