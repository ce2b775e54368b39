package dev.weir.transport.tls;

import dev.weir.config.CertificateConfig;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Our certificates, for the JDK's TLS, which calls each by its place in the list. Immutable; any
/// thread.
final class JdkKeys extends X509ExtendedKeyManager {
  private final List<CertificateConfig> certificates;
  private final Choice choice;

  /// Chooses among the certificates.
  interface Choice {
    /// Those that come into question for a connection by their places, the best first.
    List<Integer> among(SSLEngine engine);
  }

  JdkKeys(List<CertificateConfig> certificates, Choice choice) {
    this.certificates = certificates;
    this.choice = choice;
  }

  private @Nullable String choose(SSLEngine engine, String... types) {
    for (int place : choice.among(engine)) {
      var own = certificates.get(place).leaf().getPublicKey().getAlgorithm();
      for (var type : types) {
        if (type.toUpperCase(Locale.ROOT).startsWith(own)) { // EC, and RSA or RSASSA-PSS
          return String.valueOf(place);
        }
      }
    }
    return null;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, SSLEngine engine) {
    return choose(engine, type);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
    return choose(engine, types);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return certificates.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return certificates.get(Integer.parseInt(alias)).key();
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, Socket socket) {
    return null; // there are engines only
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }
}
