package dev.weir.lab;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;

/// What is to be said when an address cannot be had.
final class Binding {

  private Binding() {}

  /// An exception whose message is one line for a person, whatever library `cause` came from.
  static IOException failed(SocketAddress address, Throwable cause) {
    var reason = Throwables.getRootCause(cause).getMessage();
    return new IOException("cannot bind '" + text(address) + "': " + reason, cause);
  }

  /// Takes an address for a moment, to see whether somebody else has it.
  ///
  /// @throws IOException as [#failed] if so
  static void check(InetSocketAddress address) throws IOException {
    try (var socket = new ServerSocket()) {
      socket.bind(address);
    } catch (IOException e) {
      throw failed(address, e);
    }
  }

  private static String text(SocketAddress address) {
    return address instanceof InetSocketAddress it
        ? it.getHostString() + ":" + it.getPort()
        : address.toString();
  }
}
