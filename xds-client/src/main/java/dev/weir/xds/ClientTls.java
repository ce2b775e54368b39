package dev.weir.xds;

import dev.weir.xds.ControlPlane.Pem;
import dev.weir.xds.ControlPlane.Tls;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// TLS towards a control plane.
final class ClientTls {
  private ClientTls() {}

  /// Reads the certificates and makes the context.
  ///
  /// @throws IOException if a certificate or key is unreadable; it says which
  static SslContext context(Tls tls) throws IOException {
    try {
      var builder = GrpcSslContexts.forClient().trustManager(new Trust(roots(tls), tls));
      var identity = tls.identity();
      if (identity != null) {
        try (var chain = open(identity.chain());
            var key = open(identity.key())) {
          builder.keyManager(chain, key);
        }
      }
      return new NamedServer(builder.build(), tls.sni());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  private static InputStream open(Pem pem) throws IOException {
    return switch (pem) {
      case Pem.InFile(var file) -> open(file);
      case Pem.Inline(var text) -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    };
  }

  private static InputStream open(Path file) throws IOException {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new IOException("TLS: cannot read " + file, e);
    }
  }

  private static @Nullable X509TrustManager roots(Tls tls)
      throws GeneralSecurityException, IOException {
    var trust = tls.trust();
    if (trust == null) {
      return null;
    }
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var pem = open(trust)) {
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("root" + store.size(), certificate);
      }
    }
    if (store.size() == 0) {
      throw new CertificateException("no certificate in " + trust);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return List.of(factory.getTrustManagers()).stream()
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new CertificateException("no trust manager for X.509"));
  }

  /// Checks the chain and what the configuration says of the peer, and nothing else: the host's
  /// name is not compared, as the reference proxy does not unless told to.
  private static final class Trust extends X509ExtendedTrustManager {
    private final @Nullable X509TrustManager roots;
    private final Tls tls;

    Trust(@Nullable X509TrustManager roots, Tls tls) {
      this.roots = roots;
      this.tls = tls;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      if (roots != null) {
        roots.checkServerTrusted(chain, type);
      }
      if (!tls.peer().test(chain[0])) {
        throw new CertificateException(
            "not who was expected: " + chain[0].getSubjectX500Principal());
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /// Asks for the server by the configured name, whatever the authority is.
  private static final class NamedServer extends DelegatingSslContext {
    private final @Nullable String name;

    NamedServer(SslContext context, @Nullable String name) {
      super(context);
      this.name = name;
    }

    @Override
    protected void initEngine(SSLEngine engine) {
      var parameters = engine.getSSLParameters();
      parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
      engine.setSSLParameters(parameters);
    }
  }
}
