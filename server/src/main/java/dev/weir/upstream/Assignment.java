package dev.weir.upstream;

import dev.weir.config.Address;
import dev.weir.config.EndpointsConfig;
import dev.weir.config.EndpointsConfig.EndpointConfig;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.EndpointsConfig.LocalityEndpoints;
import dev.weir.upstream.host.HostInfo;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads a load assignment as hosts want it.
final class Assignment {
  private Assignment() {}

  /// An endpoint with the locality that it stands in.
  record Placed(LocalityEndpoints place, EndpointConfig endpoint) {
    /// The host that it makes at these addresses.
    Endpoint at(Endpoint.Key key, List<Address> addresses, String hostname) {
      var info =
          new HostInfo(
              hostname,
              endpoint.weight(),
              new HostInfo.Place(place.priority(), place.locality()),
              endpoint.metadata(),
              place.metadata(),
              endpoint.healthCheck());
      return new Endpoint(key, addresses, info, endpoint.health());
    }

    /// The host that it makes at its own addresses.
    Endpoint atItsAddress(int origin) {
      var addresses = new ArrayList<Address>();
      addresses.add(endpoint.address());
      addresses.addAll(endpoint.additionalAddresses());
      var key = new Endpoint.Key(origin, endpoint.address());
      return at(key, List.copyOf(addresses), endpoint.hostname());
    }
  }

  /// All endpoints, in their order.
  static List<Placed> endpoints(EndpointsConfig config) {
    var all = new ArrayList<Placed>();
    for (var locality : config.localities()) {
      for (var endpoint : locality.endpoints()) {
        all.add(new Placed(locality, endpoint));
      }
    }
    return all;
  }

  /// How the hosts are arranged.
  ///
  /// @param localityWeighted whether the weights of localities count
  /// @param local the gateway's own locality
  static Shape shape(EndpointsConfig config, boolean localityWeighted, Locality local) {
    int priorities = 1;
    for (var locality : config.localities()) {
      priorities = Math.max(priorities, locality.priority() + 1);
    }
    return new Shape(
        priorities,
        config.overprovisioningFactor(),
        config.weightedPriorityHealth(),
        localityWeighted ? weights(config, priorities) : List.of(),
        local);
  }

  private static List<Map<Locality, Long>> weights(EndpointsConfig config, int priorities) {
    var weights = new ArrayList<Map<Locality, Long>>();
    for (int i = 0; i < priorities; i++) {
      weights.add(new HashMap<>());
    }
    for (var locality : config.localities()) {
      weights.get(locality.priority()).put(locality.locality(), locality.weight());
    }
    return weights.stream().map(Map::copyOf).toList();
  }
}
