package dev.weir.config;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A certificate to show, with the chain above it and its key (`TlsCertificate`); they have been
/// found to fit.
///
/// @param origin where the chain was read: a file, or `<inline>`
/// @param chain our own first; at least one
/// @param ocspStaple what its issuer's OCSP responder says of it, in DER; empty for nothing
public record CertificateConfig(
    String origin, List<X509Certificate> chain, PrivateKey key, Bytes ocspStaple) {
  private static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";

  /// Our own.
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /// Whether it says itself that it is not to be shown without an OCSP response (RFC 7633).
  public boolean mustStaple() {
    return leaf().getExtensionValue(TLS_FEATURE) != null;
  }

  @Override
  public String toString() {
    return "certificate of " + leaf().getSubjectX500Principal() + " from " + origin;
  }
}
