package dev.weir.admin;

import dev.weir.config.Address;
import dev.weir.config.IpLiteral;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Addresses of sockets as people write them.
final class AddressTexts {
  private AddressTexts() {}

  /// `10.0.0.1:80`, or `10.0.0.1` where the port is not known; the path of a Unix socket.
  static String of(SocketAddress address) {
    if (!(address instanceof InetSocketAddress socket)) {
      return address.toString();
    }
    var ip = IpLiteral.text(socket.getAddress());
    return socket.getPort() == 0 ? ip : new Address.Socket(ip, socket.getPort()).toString();
  }
}
