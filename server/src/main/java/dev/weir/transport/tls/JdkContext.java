package dev.weir.transport.tls;

import dev.weir.config.JdkTls;
import dev.weir.config.TlsParams;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// What all connections of one generation of secrets have in common, by the JDK's TLS: its
/// `SSLContext`, which asks us about peers' certificates. Any worker.
final class JdkContext {
  private final SSLContext context;
  private final TlsParams params;
  private final Map<SSLEngine, JdkEngine> handshakes = new ConcurrentHashMap<>();

  /// @param authorities told to clients as those that are trusted
  /// @throws IllegalStateException if the JDK does not take it
  JdkContext(TlsParams params, KeyManager keys, List<X509Certificate> authorities) {
    this.params = params;
    try {
      context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {keys},
          new TrustManager[] {new Trust(authorities.toArray(X509Certificate[]::new))},
          null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK's TLS does not work: " + e.getMessage(), e);
    }
  }

  /// Sessions that may be taken up again.
  SSLSessionContext sessions(boolean server) {
    return server ? context.getServerSessionContext() : context.getClientSessionContext();
  }

  /// A new engine for a client, with the context's parameters.
  ///
  /// @param resuming whether sessions are kept to take them up again
  SSLEngine client(boolean resuming) {
    // A session is found again by host and port. All hosts of a cluster share them, as with Envoy.
    var engine = resuming ? context.createSSLEngine("host", 0) : context.createSSLEngine();
    engine.setUseClientMode(true);
    return prepared(engine);
  }

  /// A new engine for a server, with the context's parameters.
  SSLEngine server() {
    var engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    return prepared(engine);
  }

  private SSLEngine prepared(SSLEngine engine) {
    var parameters = engine.getSSLParameters();
    parameters.setProtocols(JdkTls.versions(params));
    parameters.setCipherSuites(JdkTls.ciphers(params));
    parameters.setNamedGroups(JdkTls.groups(params));
    engine.setSSLParameters(parameters);
    return engine;
  }

  /// A connection whose handshake begins.
  JdkEngine connection(SSLEngine engine, TlsEngine.Check check, JdkEngine.Facts facts) {
    var connection = new JdkEngine(engine, check, facts, () -> handshakes.remove(engine));
    handshakes.put(engine, connection);
    return connection;
  }

  /// Has us look at what peers show.
  private final class Trust extends X509ExtendedTrustManager {
    private final X509Certificate[] authorities;

    Trust(X509Certificate[] authorities) {
      this.authorities = authorities;
    }

    private void check(X509Certificate[] chain, @Nullable SSLEngine engine)
        throws CertificateException {
      var connection = engine == null ? null : handshakes.get(engine);
      if (connection == null) {
        throw new CertificateException("nobody has asked for it");
      }
      var verdict = connection.verify(List.of(chain));
      if (!verdict.isGood()) {
        throw refusal(verdict);
      }
    }

    /// The JDK makes an alert of the cause.
    private static CertificateException refusal(Verdict verdict) {
      var reason =
          switch (verdict.fault()) {
            case EXPIRED -> BasicReason.EXPIRED;
            case REVOKED -> BasicReason.REVOKED;
            case NOT_YET_VALID -> BasicReason.NOT_YET_VALID;
            case WRONG_PURPOSE -> BasicReason.ALGORITHM_CONSTRAINED; // an unsupported certificate
            case NONE, UNSPECIFIED, SELF_SIGNED, NO_ISSUER, NO_LIST, REFUSED ->
                BasicReason.UNSPECIFIED;
          };
      var cause = new CertPathValidatorException(verdict.detail(), null, null, -1, reason);
      return new CertificateException(verdict.detail(), cause);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      // BoringSSL asks before the names in TLS 1.3, and after them in TLS 1.2.
      boolean first = engine.getHandshakeSession().getProtocol().equals("TLSv1.3");
      if (first) {
        checkUsage(chain[0]);
      }
      check(chain, engine);
      checkUsage(chain[0]);
    }

    private static void checkUsage(X509Certificate leaf) throws CertificateException {
      var usage = leaf.getKeyUsage();
      if (usage != null && !usage[0] && leaf.getPublicKey() instanceof RSAKey) {
        throw new CertificateException("KEY_USAGE_BIT_INCORRECT"); // it may not sign
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain, null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain, null);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return authorities.clone();
    }
  }
}
