package dev.weir.upstream.host;

import java.util.List;

/// Hosts as they stood at one moment: all of them, and which of them were well. Immutable.
///
/// @param excluded those of all that do not count towards how well the whole is
public record HostsByHealth(HostList all, HostList healthy, HostList degraded, HostList excluded) {
  /// These hosts by their present health.
  public static HostsByHealth of(List<Host> hosts) {
    var all = HostList.of(hosts);
    return new HostsByHealth(
        all,
        all.filter(host -> host.health() == Health.HEALTHY),
        all.filter(host -> host.health() == Health.DEGRADED),
        all.filter(Host::excluded));
  }

  /// How many hosts count towards how well the whole is.
  public int counted() {
    return all.size() - excluded.size();
  }

  /// The weight of those hosts.
  public long countedWeight() {
    return all.totalWeight() - excluded.totalWeight();
  }
}
