package dev.weir.upstream;

import dev.weir.config.Address;
import dev.weir.config.EndpointsConfig.HealthStatus;
import dev.weir.upstream.host.HostInfo;
import java.util.List;

/// An endpoint as discovery has found it.
///
/// @param origin within which an address stands for one host: two names may resolve to the same
///   address, and make two hosts of it
/// @param addresses at least one, none of which needs to be resolved
/// @param status what discovery knows of its health
record Endpoint(int origin, List<Address> addresses, HostInfo info, HealthStatus status) {

  /// By which a host is known again.
  record Key(int origin, Address address) {}

  Key key() {
    return new Key(origin, addresses.getFirst());
  }
}
