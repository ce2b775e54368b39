package dev.weir.upstream.health;

import dev.weir.config.Address;
import dev.weir.transport.Sockets;
import dev.weir.upstream.host.Host;
import java.net.SocketAddress;

/// Where the checks of a host go. Any thread.
final class CheckAddress {
  private CheckAddress() {}

  /// What the endpoint gives for its checks: an address, or another port, or else its own address.
  static SocketAddress of(Host host) {
    var own = host.info().healthCheck();
    if (own.address() != null) {
      return Sockets.address(own.address());
    }
    return Sockets.address(
        switch (host.address()) {
          case Address.Socket(var ip, _) when own.port() != 0 -> new Address.Socket(ip, own.port());
          case Address.Socket socket -> socket;
          case Address.Pipe pipe -> pipe;
        });
  }

  /// What to call the host: the name that the endpoint gives for its checks, or else the configured
  /// one ([HttpRequest#host]), or else the cluster's.
  static String name(Host host, String configured, String cluster) {
    var own = host.info().healthCheck().hostname();
    if (!own.isEmpty()) {
      return own;
    }
    return configured.isEmpty() ? cluster : configured;
  }
}
