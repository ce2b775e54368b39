package dev.weir.upstream;

import dev.weir.config.Address;
import dev.weir.config.EndpointsConfig.HealthStatus;
import dev.weir.upstream.host.HostInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An endpoint as discovery has found it.
///
/// @param key by which a host is known again
/// @param addresses at least one, none of which needs to be resolved
/// @param status what discovery knows of its health
record Endpoint(Key key, List<Address> addresses, HostInfo info, HealthStatus status) {

  /// What stays the same about a host.
  ///
  /// @param origin within which an address stands for one host: two names may resolve to the same
  ///   address, and make two hosts of it
  /// @param address null where a host may change its address
  record Key(int origin, @Nullable Address address) {}
}
