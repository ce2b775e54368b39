package dev.weir.upstream;

import dev.weir.config.Address;
import dev.weir.upstream.Assignment.Placed;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;

/// Endpoints of which a name is configured instead of an address.
final class DnsEndpoints {
  private DnsEndpoints() {}

  /// The name to resolve.
  ///
  /// @throws IllegalStateException if there is none
  static String name(Placed placed) {
    return socket(placed).host();
  }

  /// The endpoint at one of the addresses that its name has. Its host name is the configured one,
  /// or else the name.
  static Endpoint at(Placed placed, int origin, InetAddress address) {
    var socket = address(placed, address);
    return placed.at(new Endpoint.Key(origin, socket), List.of(socket), hostname(placed));
  }

  /// The endpoint at whatever addresses its name has at the time, of which the first is used.
  static Endpoint atAny(Placed placed, List<InetAddress> addresses) {
    var sockets = addresses.stream().map(address -> address(placed, address)).toList();
    return placed.at(new Endpoint.Key(0, null), sockets, hostname(placed));
  }

  private static Address address(Placed placed, InetAddress address) {
    return new Address.Socket(NetUtil.toAddressString(address), socket(placed).port());
  }

  private static String hostname(Placed placed) {
    var configured = placed.endpoint().hostname();
    return configured.isEmpty() ? name(placed) : configured;
  }

  private static Address.Socket socket(Placed placed) {
    return switch (placed.endpoint().address()) {
      case Address.Socket socket -> socket;
      case Address.Pipe pipe -> throw new IllegalStateException("no name to resolve: " + pipe);
    };
  }
}
