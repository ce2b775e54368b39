package dev.weir.upstream;

import dev.weir.config.EndpointsConfig;
import dev.weir.upstream.Assignment.Placed;
import dev.weir.upstream.dns.Answer;
import dev.weir.upstream.dns.DnsTarget;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.List;

/// One name is one host, and new connections go to the address that it has at the time
/// (`LOGICAL_DNS`). Main loop only.
final class LogicalDnsDiscovery implements HostDiscovery {
  private final Placed placed;
  private final Shape shape;
  private final Finder finder;
  private final DnsTarget target;
  private final boolean waits;

  /// @param config has exactly one endpoint
  LogicalDnsDiscovery(EndpointsConfig config, Shape shape, DnsTarget.Setting dns, Finder finder) {
    this.placed = Assignment.endpoints(config).getFirst();
    this.shape = shape;
    this.finder = finder;
    this.waits = dns.config().options().warmOnInit();
    this.target = new DnsTarget(dns, DnsEndpoints.name(placed), this::take);
  }

  @Override
  public void start() {
    target.start();
    if (!waits) {
      finder.ready();
    }
  }

  private void take(Answer answer) {
    if (answer instanceof Answer.Found(var addresses, _) && !addresses.isEmpty()) {
      var endpoints = List.of(DnsEndpoints.atAny(placed, addresses));
      finder.read(endpoints);
      finder.found(endpoints, shape);
    }
    finder.ready();
  }

  @Override
  public void stop() {
    target.stop();
  }
}
