package dev.weir.connection;

import dev.weir.transport.tls.TlsSession;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of a connection, by which its filter chain is found. Filled in by listener
/// filters; its worker only.
public final class ConnectionInfo {
  private final SocketAddress directRemoteAddress;
  private SocketAddress localAddress;
  private SocketAddress remoteAddress;
  private boolean localAddressRestored;
  private String serverName = "";
  private String transportProtocol = "";
  private List<String> applicationProtocols = List.of();
  private @Nullable TlsSession tls;

  /// @param local where the client connected to
  /// @param remote the peer of the socket
  public ConnectionInfo(SocketAddress local, SocketAddress remote) {
    this.localAddress = local;
    this.remoteAddress = remote;
    this.directRemoteAddress = remote;
  }

  /// Where the client meant to connect to.
  public SocketAddress localAddress() {
    return localAddress;
  }

  /// The destination that a PROXY header tells of.
  public void localAddress(SocketAddress told) {
    localAddress = told;
  }

  /// Restores the destination that a redirection has hidden.
  public void restoreLocalAddress(SocketAddress original) {
    localAddress = original;
    localAddressRestored = true;
  }

  /// Whether the destination was redirected here, and is restored.
  public boolean localAddressRestored() {
    return localAddressRestored;
  }

  /// The listener of the restored destination has got the connection.
  public void destinationServed() {
    localAddressRestored = false;
  }

  /// Who the client is.
  public SocketAddress remoteAddress() {
    return remoteAddress;
  }

  /// Restores the client that a PROXY header tells of.
  public void remoteAddress(SocketAddress restored) {
    remoteAddress = restored;
  }

  /// The peer of the socket, whatever a PROXY header says.
  public SocketAddress directRemoteAddress() {
    return directRemoteAddress;
  }

  /// Whether the client is on this machine.
  public boolean isLocal() {
    var remote = ip(remoteAddress);
    return remote == null || remote.isLoopbackAddress() || remote.equals(ip(localAddress));
  }

  /// The SNI in lower case; empty if there is none.
  public String serverName() {
    return serverName;
  }

  /// Sets the SNI, in lower case.
  public void serverName(String name) {
    serverName = name;
  }

  /// `tls`, `raw_buffer`, or empty where nobody has looked.
  public String transportProtocol() {
    return transportProtocol;
  }

  /// Sets what [#transportProtocol] says.
  public void transportProtocol(String protocol) {
    transportProtocol = protocol;
  }

  /// The protocols that the client offers by ALPN, in its order.
  public List<String> applicationProtocols() {
    return applicationProtocols;
  }

  /// Sets what [#applicationProtocols] says.
  public void applicationProtocols(List<String> protocols) {
    applicationProtocols = protocols;
  }

  /// What the handshake of its filter chain has found out; null in plaintext.
  public @Nullable TlsSession tls() {
    return tls;
  }

  /// Sets what [#tls] says.
  public void tls(TlsSession session) {
    tls = session;
  }

  /// The IP of an address; null for a Unix socket.
  public static @Nullable InetAddress ip(SocketAddress address) {
    return address instanceof InetSocketAddress socket ? socket.getAddress() : null;
  }

  /// The port of an address; 0 for a Unix socket.
  public static int port(SocketAddress address) {
    return address instanceof InetSocketAddress socket ? socket.getPort() : 0;
  }
}
