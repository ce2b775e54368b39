package dev.weir.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// A TLS server that answers a line with what it has been told in the handshake.
final class TlsBackend implements AutoCloseable {
  private final SSLServerSocket listening;

  private TlsBackend(SSLServerSocket listening) {
    this.listening = listening;
  }

  /// Starts one.
  ///
  /// @param needsClient whether clients have to show a certificate, any
  /// @param versions of TLS; empty for what the JDK speaks
  static TlsBackend start(Pki.Identity identity, boolean needsClient, String... versions) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          identity.keyManagers().getKeyManagers(),
          new TrustManager[] {new TlsPeer.Trusting()},
          new SecureRandom());
      var socket =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      var parameters = socket.getSSLParameters();
      parameters.setNeedClientAuth(needsClient);
      parameters.setApplicationProtocols(new String[] {"http/1.1", "h2"});
      if (versions.length > 0) {
        parameters.setProtocols(versions);
      }
      socket.setSSLParameters(parameters);
      var backend = new TlsBackend(socket);
      Thread.startVirtualThread(backend::accept);
      return backend;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        var client = (SSLSocket) listening.accept();
        client.setTcpNoDelay(true);
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private static void serve(SSLSocket client) {
    try (client) {
      client.startHandshake();
      var in = client.getInputStream();
      // A line is the question, whatever it says.
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          return;
        }
      }
      client.getOutputStream().write((told(client) + "\n").getBytes(StandardCharsets.UTF_8));
      client.getOutputStream().flush();
      in.read();
    } catch (IOException _) {
      // The client did not want to.
    }
  }

  private static String told(SSLSocket client) throws SSLException {
    var session = (ExtendedSSLSession) client.getSession();
    var names =
        session.getRequestedServerNames().stream()
            .map(it -> ((SNIHostName) it).getAsciiName())
            .collect(Collectors.joining());
    var shown =
        session.getLocalCertificates() == null || !hasPeer(session)
            ? "nobody"
            : ((X509Certificate) session.getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    return String.join(
        " ",
        List.of(
            session.getProtocol(),
            session.getCipherSuite(),
            "sni=" + names,
            "alpn=" + client.getApplicationProtocol(),
            shown));
  }

  private static boolean hasPeer(ExtendedSSLSession session) {
    try {
      return session.getPeerCertificates().length > 0;
    } catch (SSLException _) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
