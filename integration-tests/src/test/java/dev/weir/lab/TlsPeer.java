package dev.weir.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// A TLS client that trusts everybody, and tells what it has met with.
///
/// @param identity what it shows; null for nothing
/// @param serverName its SNI; empty for none
/// @param protocols for ALPN
/// @param versions of TLS; empty for what the JDK speaks
/// @param ciphers empty for the JDK's
record TlsPeer(
    Pki.@Nullable Identity identity,
    String serverName,
    List<String> protocols,
    List<String> versions,
    List<String> ciphers) {

  static final TlsPeer PLAIN = new TlsPeer(null, "", List.of(), List.of(), List.of());

  TlsPeer showing(Pki.Identity shown) {
    return new TlsPeer(shown, serverName, protocols, versions, ciphers);
  }

  TlsPeer to(String name) {
    return new TlsPeer(identity, name, protocols, versions, ciphers);
  }

  TlsPeer offering(String... offered) {
    return new TlsPeer(identity, serverName, List.of(offered), versions, ciphers);
  }

  TlsPeer speaking(String... spoken) {
    return new TlsPeer(identity, serverName, protocols, List.of(spoken), ciphers);
  }

  TlsPeer with(String... suites) {
    return new TlsPeer(identity, serverName, protocols, versions, List.of(suites));
  }

  /// Connects, has a line echoed, and tells how that went: what was agreed on, or what went wrong.
  String visit(int port) {
    try (var socket = open(port)) {
      socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
      var answer = new String(socket.getInputStream().readNBytes(6), StandardCharsets.UTF_8);
      if (!answer.equals("hello\n")) {
        return "closed after \"" + answer + "\"";
      }
      var session = (ExtendedSSLSession) socket.getSession();
      return String.join(
          " ",
          session.getProtocol(),
          session.getCipherSuite(),
          ((X509Certificate) session.getPeerCertificates()[0]).getSubjectX500Principal().getName(),
          "alpn=" + socket.getApplicationProtocol());
    } catch (IOException e) {
      return reason(e);
    }
  }

  /// Connects, shakes hands, and tells whose certificate was shown; nothing if that failed.
  String certificate(int port) {
    try (var socket = open(port)) {
      var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      // The server may have its say about ours yet.
      socket.getOutputStream().write('\n');
      return socket.getInputStream().read() < 0 ? "" : shown.getSubjectX500Principal().getName();
    } catch (IOException _) {
      return "";
    }
  }

  /// Connects, and shakes hands.
  SSLSocket open(int port) throws IOException {
    var tcp = new Socket(InetAddress.getLoopbackAddress(), port);
    try {
      tcp.setTcpNoDelay(true); // else what follows the handshake waits for its acknowledgement
      var socket = (SSLSocket) context().getSocketFactory().createSocket(tcp, "", port, true);
      socket.setSoTimeout((int) Await.DEADLINE.toMillis());
      var parameters = socket.getSSLParameters();
      if (!serverName.isEmpty()) {
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
      }
      parameters.setApplicationProtocols(protocols.toArray(String[]::new));
      if (!versions.isEmpty()) {
        parameters.setProtocols(versions.toArray(String[]::new));
      }
      if (!ciphers.isEmpty()) {
        parameters.setCipherSuites(ciphers.toArray(String[]::new));
      }
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      tcp.close();
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What the other end has said. Whether a broken connection shows as a reset or as an end depends
  /// on who is faster.
  private static String reason(IOException e) {
    var message = String.valueOf(e.getMessage());
    boolean alert = message.contains("alert");
    return alert ? message.replaceFirst("^\\(\\w+\\) ", "") : "closed";
  }

  private SSLContext context() throws GeneralSecurityException, IOException {
    var context = SSLContext.getInstance("TLS");
    var shown = identity == null ? null : identity.keyManagers().getKeyManagers();
    context.init(shown, new TrustManager[] {new Trusting()}, new SecureRandom());
    return context;
  }

  /// Trusts everybody.
  static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
