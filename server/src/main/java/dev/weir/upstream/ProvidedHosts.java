package dev.weir.upstream;

import dev.weir.config.Address;
import dev.weir.config.EndpointsConfig.HealthCheckAddress;
import dev.weir.config.EndpointsConfig.HealthStatus;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.Metadata;
import dev.weir.upstream.balance.Balancers;
import dev.weir.upstream.host.HostInfo;
import java.util.List;

/// Hosts that come with a way to choose among them.
interface ProvidedHosts extends HostDiscovery, Balancers {

  /// Who is told of the hosts. Main loop only, once, before the start.
  void into(Finder finder);

  /// An endpoint of which nothing is known but how to reach it.
  static Endpoint endpoint(Endpoint.Key key, List<Address> addresses, String hostname) {
    var info =
        new HostInfo(
            hostname,
            1,
            new HostInfo.Place(0, Locality.NONE),
            Metadata.NONE,
            Metadata.NONE,
            HealthCheckAddress.SAME);
    return new Endpoint(key, addresses, info, HealthStatus.UNKNOWN);
  }
}
