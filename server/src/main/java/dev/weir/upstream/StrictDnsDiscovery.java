package dev.weir.upstream;

import dev.weir.config.EndpointsConfig;
import dev.weir.upstream.Assignment.Placed;
import dev.weir.upstream.dns.Answer;
import dev.weir.upstream.dns.DnsTarget;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Every address of every name is a host (`STRICT_DNS`). Main loop only.
///
/// A name that nobody can resolve keeps its hosts, one that has no addresses loses them. The
/// cluster is ready when every name has been tried.
final class StrictDnsDiscovery implements HostDiscovery {
  private final List<Name> names = new ArrayList<>();
  private final Shape shape;
  private final boolean waits;
  private final Finder finder;

  /// One configured endpoint, and the hosts that its name has made of it.
  private final class Name {
    private final Placed placed;
    private final int origin;
    private final DnsTarget target;
    private List<Endpoint> endpoints = List.of();
    private boolean tried;

    Name(Placed placed, int origin, DnsTarget.Setting dns) {
      this.placed = placed;
      this.origin = origin;
      this.target = new DnsTarget(dns, DnsEndpoints.name(placed), this::take);
    }

    private void take(Answer answer) {
      tried = true;
      if (answer instanceof Answer.Found(var addresses, _)) {
        endpoints =
            new LinkedHashSet<>(addresses)
                .stream().map(address -> DnsEndpoints.at(placed, origin, address)).toList();
        finder.read(endpoints);
        finder.found(all(), shape);
      }
      readyOnceAllAreTried();
    }
  }

  StrictDnsDiscovery(EndpointsConfig config, Shape shape, DnsTarget.Setting dns, Finder finder) {
    this.shape = shape;
    this.waits = dns.config().options().warmOnInit();
    this.finder = finder;
    for (var placed : Assignment.endpoints(config)) {
      names.add(new Name(placed, names.size(), dns));
    }
  }

  @Override
  public void start() {
    names.forEach(name -> name.target.start());
    readyOnceAllAreTried();
  }

  private List<Endpoint> all() {
    return names.stream().flatMap(name -> name.endpoints.stream()).toList();
  }

  private void readyOnceAllAreTried() {
    if (!waits || names.stream().allMatch(name -> name.tried)) {
      finder.ready();
    }
  }

  @Override
  public void stop() {
    names.forEach(name -> name.target.stop());
  }
}
