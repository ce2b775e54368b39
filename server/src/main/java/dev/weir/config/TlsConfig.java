package dev.weir.config;

import java.util.List;
import java.util.stream.Stream;

/// What both sides of TLS have in common (`CommonTlsContext`).
///
/// @param applicationProtocols for ALPN, the best first; empty for none
public record TlsConfig(
    TlsParams params,
    Certificates certificates,
    Validation validation,
    List<String> applicationProtocols) {

  /// Who speaks it.
  public TlsLibrary library() {
    return TlsLibrary.PRESENT;
  }

  /// What we show.
  public sealed interface Certificates {
    /// It is known.
    ///
    /// @param all perhaps of several kinds and for several names; perhaps none
    record Given(List<CertificateConfig> all) implements Certificates {}

    /// It comes from elsewhere.
    record Secrets(List<SecretRef> all) implements Certificates {}
  }

  /// What the peer has to show.
  public sealed interface Validation {
    /// It is known.
    record Given(ValidationConfig rules) implements Validation {}

    /// It comes from elsewhere.
    ///
    /// @param defaults what the secret is laid over
    record Secret(ValidationConfig defaults, SecretRef secret) implements Validation {}
  }

  /// Every secret that it needs.
  public List<SecretRef> secrets() {
    var shown =
        switch (certificates) {
          case Certificates.Given _ -> Stream.<SecretRef>empty();
          case Certificates.Secrets(var all) -> all.stream();
        };
    var expected =
        switch (validation) {
          case Validation.Given _ -> Stream.<SecretRef>empty();
          case Validation.Secret(_, var secret) -> Stream.of(secret);
        };
    return Stream.concat(shown, expected).distinct().toList();
  }
}
