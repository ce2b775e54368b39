package dev.weir.upstream.host;

import dev.weir.config.Address;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.Metadata;
import dev.weir.telemetry.HostFacts;
import dev.weir.transport.Sockets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An endpoint while it lives. It is kept over updates that name its address again, with its
/// health, counters and connections.
///
/// The main loop changes it, workers read it and count on it.
public final class Host {
  private volatile List<Address> addresses;
  private final HostCounters counters = new HostCounters();
  private final HostConnections connections = new HostConnections();
  private volatile HostInfo info;
  private volatile int flags;
  private volatile @Nullable HostFacts facts;
  private volatile long healthySince;
  private volatile HostMonitor monitor = HostMonitor.NONE;
  private volatile @Nullable Runnable immediateFailure;
  private int changes;

  /// @param addresses at least one; the first is the host's own, the others are further ways to it
  public Host(List<Address> addresses, HostInfo info) {
    this.addresses = List.copyOf(addresses);
    this.info = info;
  }

  /// Where to connect; its text is `%UPSTREAM_HOST%`.
  public Address address() {
    return addresses.getFirst();
  }

  /// What records say of it, its address as sockets know it included.
  ///
  /// @throws IllegalArgumentException if its address is a host name
  public HostFacts facts() {
    var known = facts;
    if (known == null) {
      var now = info;
      var name = now.hostname().isEmpty() ? address().toString() : now.hostname();
      known = new HostFacts(Sockets.address(address()), name, now.metadata());
      facts = known;
    }
    return known;
  }

  /// Every address of the host, in the order in which to try them.
  public List<Address> addresses() {
    return addresses;
  }

  /// What discovery says of it at present.
  public HostInfo info() {
    return info;
  }

  /// The name that DNS or EDS gives; may be empty.
  public String hostname() {
    return info.hostname();
  }

  /// Its share of the load, at least 1.
  public long weight() {
    return info.weight();
  }

  /// Where it runs.
  public Locality locality() {
    return info.locality();
  }

  /// Its metadata.
  public Metadata metadata() {
    return info.metadata();
  }

  /// What is counted of it.
  public HostCounters counters() {
    return counters;
  }

  /// The host itself has said that it is to be left out at once
  /// (`x-envoy-immediate-health-check-fail`). Without effect unless it is actively checked. Any
  /// thread.
  public void failNow() {
    var told = immediateFailure;
    if (told != null) {
      told.run();
    }
  }

  /// What is to be run then, by any thread; null for nothing. Main loop only.
  public void onFailNow(@Nullable Runnable task) {
    immediateFailure = task;
  }

  /// The connections to it.
  public HostConnections connections() {
    return connections;
  }

  /// Where to note how connections to it fare.
  public HostMonitor monitor() {
    return monitor;
  }

  /// Has that noted from now on. Main loop only.
  public void monitor(HostMonitor next) {
    monitor = next;
  }

  /// Makes these the addresses of new connections. Main loop only.
  ///
  /// @return whether that changed anything
  public boolean readdress(List<Address> next) {
    if (addresses.equals(next)) {
      return false;
    }
    addresses = List.copyOf(next);
    facts = null;
    changes++;
    return true;
  }

  /// Takes over what discovery says now. Main loop only.
  ///
  /// @return whether that changed anything
  public boolean describe(HostInfo next) {
    if (info.equals(next)) {
      return false;
    }
    info = next;
    facts = null;
    changes++;
    return true;
  }

  /// How often its description or its health has changed. Main loop only.
  public int changes() {
    return changes;
  }

  /// When it became healthy, by [System#nanoTime()].
  public long healthySince() {
    return healthySince;
  }

  /// Notes that it has become healthy. Main loop only.
  public void healthySince(long nanoTime) {
    healthySince = nanoTime;
  }

  /// Whether this flag is raised.
  public boolean has(HealthFlag flag) {
    return (flags & flag.bit()) != 0;
  }

  /// Raises or lowers a flag. Main loop only.
  ///
  /// @return whether that changed anything
  public boolean set(HealthFlag flag, boolean raised) {
    int before = flags;
    int after = raised ? before | flag.bit() : before & ~flag.bit();
    if (before == after) {
      return false;
    }
    flags = after;
    changes++;
    return true;
  }

  /// How it is, all things considered.
  public Health health() {
    return Health.of(flags);
  }

  /// Whether it counts towards how well its priority is; a host that was never checked may not.
  public boolean excluded() {
    return Health.excluded(flags);
  }

  /// As `/clusters` shows it: `healthy`, or the flags one after the other.
  public String healthText() {
    int now = flags;
    if (now == 0) {
      return "healthy";
    }
    var text = new StringBuilder();
    for (var flag : HealthFlag.values()) {
      if ((now & flag.bit()) != 0) {
        text.append(flag.text());
      }
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return address().toString();
  }
}
