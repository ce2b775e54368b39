package dev.weir.transport.tls;

import java.util.List;

/// What was found of a peer's certificate.
///
/// @param finding which rule has decided
/// @param fault what the library is told, which makes an alert of it
/// @param detail why, in Envoy's words; empty if it passes
record Verdict(Finding finding, Fault fault, String detail) {

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

  /// What is wrong with it.
  enum Fault {
    /// Nothing.
    NONE,
    /// What has no name here.
    UNSPECIFIED,
    /// Its chain ends with one that is signed by itself.
    SELF_SIGNED,
    /// Nobody that is trusted has signed its chain.
    NO_ISSUER,
    /// It is not valid any more.
    EXPIRED,
    /// It is not valid yet.
    NOT_YET_VALID,
    /// It is for something else.
    WRONG_PURPOSE,
    /// Its issuer does not stand by it any more.
    REVOKED,
    /// There is no list of what its issuer has revoked.
    NO_LIST,
    /// It is good, and not wanted: for the alert `certificate_unknown`.
    REFUSED
  }

  static final Verdict GOOD = new Verdict(Finding.GOOD, Fault.NONE, "");

  static final Verdict WRONG_HASH =
      new Verdict(Finding.WRONG_HASH, Fault.REFUSED, "verify cert failed: cert hash and spki");

  /// @param names what it has instead
  static Verdict wrongName(List<String> names) {
    return new Verdict(
        Finding.WRONG_NAME,
        Fault.REFUSED,
        "verify cert failed: SAN matcher, certificate SANs are [" + String.join(", ", names) + "]");
  }

  static Verdict untrusted(Fault fault, int depth, String why) {
    return new Verdict(
        Finding.UNTRUSTED,
        fault,
        "verify cert failed: X509_verify_cert: certificate verification error at depth "
            + depth
            + ": "
            + why);
  }

  boolean isGood() {
    return finding == Finding.GOOD;
  }
}
