package dev.weir.upstream;

import dev.weir.config.EndpointsConfig;
import dev.weir.upstream.Assignment.Placed;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.ArrayList;

/// The hosts are in the configuration (`STATIC`).
final class StaticDiscovery implements HostDiscovery {
  private final EndpointsConfig config;
  private final Shape shape;
  private final Finder finder;

  StaticDiscovery(EndpointsConfig config, Shape shape, Finder finder) {
    this.config = config;
    this.shape = shape;
    this.finder = finder;
  }

  @Override
  public void start() {
    var endpoints = new ArrayList<Endpoint>();
    for (Placed placed : Assignment.endpoints(config)) {
      // An endpoint that is listed twice is two hosts.
      endpoints.add(placed.atItsAddress(endpoints.size()));
    }
    finder.read(endpoints);
    if (!endpoints.isEmpty()) {
      finder.found(endpoints, shape);
    }
    finder.ready();
  }

  @Override
  public void stop() {}
}
