package dev.weir.xds;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;

/// Makes address messages.
public final class Addresses {
  private Addresses() {}

  /// The message for an address.
  public static Address of(ControlPlane.Address address) {
    return switch (address) {
      case ControlPlane.Address.Host(var host, var port) ->
          Address.newBuilder()
              .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
              .build();
      case ControlPlane.Address.Pipe(var path) ->
          Address.newBuilder().setPipe(Pipe.newBuilder().setPath(path)).build();
    };
  }
}
