package dev.weir.config;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a peer's certificate has to be (`CertificateValidationContext`).
///
/// @param trusted null for no check of the chain
/// @param crl lists of what was revoked; empty for no check
/// @param hashes SHA-256 of a certificate that passes, in lower-case hexadecimal digits; empty, as
///   `keys`, for any
/// @param keys SHA-256 of the public key of a certificate that passes, in Base64
/// @param names of which the certificate has to have one; empty for any
/// @param spiffe trust by SPIFFE trust domain, instead of `trusted`; empty where it is not asked
///   for
/// @param leniency what is let pass
public record ValidationConfig(
    @Nullable TrustConfig trusted,
    List<X509CRL> crl,
    List<String> hashes,
    List<String> keys,
    List<SanMatch> names,
    Map<String, TrustConfig> spiffe,
    Leniency leniency) {

  /// Passes everything.
  public static final ValidationConfig NONE =
      new ValidationConfig(
          null, List.of(), List.of(), List.of(), List.of(), Map.of(), Leniency.NONE);

  /// What is let pass, and how deep is looked.
  ///
  /// @param expired certificates that are not valid any more, or not yet
  /// @param untrusted chains that lead to no trusted certificate
  /// @param onlyLeafCrl whether only the peer's own certificate is looked up in the lists
  /// @param maxDepth how many certificates may stand between the peer's own and a trusted one;
  ///   negative for the library's limit
  /// @param hideAuthorities whether clients are not told which authorities are trusted
  public record Leniency(
      boolean expired,
      boolean untrusted,
      boolean onlyLeafCrl,
      int maxDepth,
      boolean hideAuthorities) {
    /// Nothing beyond the usual.
    public static final Leniency NONE = new Leniency(false, false, false, -1, false);

    Leniency merge(Leniency over) {
      return new Leniency(
          expired || over.expired,
          untrusted || over.untrusted,
          onlyLeafCrl || over.onlyLeafCrl,
          over.maxDepth >= 0 ? over.maxDepth : maxDepth,
          hideAuthorities || over.hideAuthorities);
    }
  }

  /// All certificates that are trusted.
  public List<X509Certificate> authorities() {
    var all = new ArrayList<X509Certificate>();
    if (trusted != null) {
      all.addAll(trusted.anchors());
    }
    spiffe.values().forEach(bundle -> all.addAll(bundle.anchors()));
    return all;
  }

  /// Whether anything is asked of a certificate.
  public boolean asksForCertificate() {
    return trusted != null || needsCertificate();
  }

  /// Whether nobody passes who has no certificate.
  public boolean needsCertificate() {
    return !hashes.isEmpty() || !keys.isEmpty() || !names.isEmpty() || !spiffe.isEmpty();
  }

  /// What is wrong with rules that would be of no use without a trusted certificate, in Envoy's
  /// words; null for nothing.
  public @Nullable String problem() {
    if (trusted != null || !spiffe.isEmpty()) {
      return null;
    }
    if (!crl.isEmpty()) {
      return "Failed to load CRL from <inline> without trusted CA";
    }
    if (!names.isEmpty()) {
      return "SAN-based verification of peer certificates without trusted CA is insecure and not"
          + " allowed";
    }
    return leniency.expired
        ? "Certificate validity period is always ignored without trusted CA"
        : null;
  }

  /// This one with another laid over it, as protobuf merges messages: what is single there replaces
  /// what is here, lists are added to.
  public ValidationConfig merge(ValidationConfig over) {
    return new ValidationConfig(
        over.trusted != null ? over.trusted : trusted,
        over.crl.isEmpty() ? crl : over.crl,
        joined(hashes, over.hashes),
        joined(keys, over.keys),
        joined(names, over.names),
        over.spiffe.isEmpty() ? spiffe : over.spiffe,
        leniency.merge(over.leniency));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    var all = new ArrayList<T>(first);
    all.addAll(second);
    return List.copyOf(all);
  }
}
