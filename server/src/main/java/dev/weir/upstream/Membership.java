package dev.weir.upstream;

import dev.weir.config.EndpointsConfig.HealthStatus;
import dev.weir.upstream.host.Health;
import dev.weir.upstream.host.HealthFlag;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Which hosts a cluster has. Hosts that discovery names again stay the same hosts, with their
/// health, counters and connections. Main loop only.
final class Membership {
  private final Newcomers newcomers;
  private Map<Endpoint.Key, Host> hosts = new LinkedHashMap<>();
  private final Map<Endpoint.Key, Host> adopted = new HashMap<>();
  private Shape shape = Shape.PLAIN;

  /// What a cluster has to say about hosts that come and go.
  interface Newcomers {
    /// Prepares a host that was not there before.
    void prepare(Host host);

    /// Whether a host stays although discovery does not name it any more.
    boolean lingers(Host host);

    /// Discovery has made a host unhealthy, or has taken that back.
    void turned(Host host);
  }

  /// What an update has changed.
  ///
  /// @param inPlace whether anything is new about hosts that stay, or about how they are arranged
  record Change(List<Host> added, List<Host> removed, boolean inPlace) {
    boolean isEmpty() {
      return !moves() && !inPlace;
    }

    /// Whether hosts have come or gone.
    boolean moves() {
      return !added.isEmpty() || !removed.isEmpty();
    }

    /// How many priorities hosts have come to or gone from.
    int priorities() {
      return (int)
          Stream.concat(added.stream(), removed.stream())
              .mapToInt(host -> host.info().place().priority())
              .distinct()
              .count();
    }
  }

  Membership(Newcomers newcomers) {
    this.newcomers = newcomers;
  }

  /// Makes these the hosts.
  Change update(List<Endpoint> endpoints, Shape next) {
    var added = new ArrayList<Host>();
    boolean inPlace = !next.equals(shape);
    var after = LinkedHashMap.<Endpoint.Key, Host>newLinkedHashMap(endpoints.size());
    for (var endpoint : endpoints) {
      var key = endpoint.key();
      if (after.containsKey(key)) {
        continue; // Of one that is named twice, the first counts.
      }
      var known = hosts.get(key);
      if (known != null && isStill(known, endpoint)) {
        inPlace |= renew(known, endpoint);
        after.put(key, known);
      } else {
        var host = make(endpoint);
        added.add(host);
        after.put(key, host);
      }
    }
    var removed = unnamed(after);
    hosts = after;
    shape = next;
    return new Change(added, removed, inPlace);
  }

  private static boolean isStill(Host host, Endpoint endpoint) {
    return host.info().healthCheck().equals(endpoint.info().healthCheck());
  }

  private boolean renew(Host host, Endpoint endpoint) {
    boolean changed = host.readdress(endpoint.addresses());
    changed |= host.describe(endpoint.info());
    boolean lost = host.health() == Health.UNHEALTHY;
    changed |= judge(host, endpoint.status());
    changed |= host.set(HealthFlag.PENDING_DYNAMIC_REMOVAL, false);
    if (lost != (host.health() == Health.UNHEALTHY)) {
      newcomers.turned(host);
    }
    return changed;
  }

  /// The endpoint of this key is to be this host.
  void adopt(Endpoint.Key key, Host host) {
    adopted.put(key, host);
  }

  private Host make(Endpoint endpoint) {
    var ready = adopted.remove(endpoint.key());
    var host = ready == null ? new Host(endpoint.addresses(), endpoint.info()) : ready;
    judge(host, endpoint.status());
    newcomers.prepare(host);
    return host;
  }

  /// Takes over what discovery says of a host's health.
  private static boolean judge(Host host, HealthStatus status) {
    boolean failed = status == HealthStatus.UNHEALTHY || status == HealthStatus.TIMEOUT;
    boolean changed = host.set(HealthFlag.FAILED_EDS_HEALTH, failed);
    changed |= host.set(HealthFlag.DEGRADED_EDS_HEALTH, status == HealthStatus.DEGRADED);
    changed |= host.set(HealthFlag.EDS_STATUS_DRAINING, status == HealthStatus.DRAINING);
    return changed;
  }

  /// The hosts that go; those that linger are kept behind the others.
  private List<Host> unnamed(Map<Endpoint.Key, Host> after) {
    var removed = new ArrayList<Host>();
    hosts.forEach((key, host) -> {
      var present = after.get(key);
      if (present == null && newcomers.lingers(host)) {
        host.set(HealthFlag.PENDING_DYNAMIC_REMOVAL, true);
        after.put(key, host);
      } else if (present != host) {
        removed.add(host);
      }
    });
    return removed;
  }

  /// Lets a host go that only lingered, if it has no more reason to.
  Change release(Host host) {
    if (!host.has(HealthFlag.PENDING_DYNAMIC_REMOVAL) || newcomers.lingers(host)) {
      return new Change(List.of(), List.of(), true);
    }
    hosts.values().remove(host);
    return new Change(List.of(), List.of(host), false);
  }

  /// All hosts.
  Collection<Host> hosts() {
    return hosts.values();
  }

  /// The hosts as they stand now.
  HostTable table() {
    return HostTable.arrange(List.copyOf(hosts.values()), shape);
  }
}
