package dev.weir.upstream.host;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// Hosts in a fixed order, with what was known of them when the list was made. Immutable.
public final class HostList {
  /// No hosts.
  public static final HostList EMPTY = new HostList(new Host[0], new HostInfo[0]);

  private final Host[] hosts;
  private final HostInfo[] infos;
  private final boolean even;

  private HostList(Host[] hosts, HostInfo[] infos) {
    this.hosts = hosts;
    this.infos = infos;
    this.even = even(infos);
  }

  private static boolean even(HostInfo[] infos) {
    for (var info : infos) {
      if (info.weight() != infos[0].weight()) {
        return false;
      }
    }
    return true;
  }

  /// These hosts and what is known of them at present.
  public static HostList of(List<Host> hosts) {
    if (hosts.isEmpty()) {
      return EMPTY;
    }
    var infos = new HostInfo[hosts.size()];
    for (int i = 0; i < infos.length; i++) {
      infos[i] = hosts.get(i).info();
    }
    return new HostList(hosts.toArray(Host[]::new), infos);
  }

  /// These lists one after the other.
  public static HostList concat(List<HostList> lists) {
    int n = lists.stream().mapToInt(HostList::size).sum();
    var hosts = new Host[n];
    var infos = new HostInfo[n];
    int at = 0;
    for (var list : lists) {
      System.arraycopy(list.hosts, 0, hosts, at, list.size());
      System.arraycopy(list.infos, 0, infos, at, list.size());
      at += list.size();
    }
    return new HostList(hosts, infos);
  }

  /// Those hosts that the test is true of; this list if that is all of them.
  public HostList filter(Predicate<Host> test) {
    var kept = new Host[hosts.length];
    var known = new HostInfo[hosts.length];
    int n = 0;
    for (int i = 0; i < hosts.length; i++) {
      if (test.test(hosts[i])) {
        kept[n] = hosts[i];
        known[n++] = infos[i];
      }
    }
    if (n == hosts.length) {
      return this;
    }
    return n == 0 ? EMPTY : new HostList(Arrays.copyOf(kept, n), Arrays.copyOf(known, n));
  }

  /// How many hosts.
  public int size() {
    return hosts.length;
  }

  /// Whether there is none.
  public boolean isEmpty() {
    return hosts.length == 0;
  }

  /// A host by its place.
  public Host get(int index) {
    return hosts[index];
  }

  /// What was known of a host, by its place.
  public HostInfo info(int index) {
    return infos[index];
  }

  /// A host's weight by its place; at least 1.
  public long weight(int index) {
    return infos[index].weight();
  }

  /// The sum of all weights.
  public long totalWeight() {
    long sum = 0;
    for (var info : infos) {
      sum += info.weight();
    }
    return sum;
  }

  /// Whether all hosts weigh the same.
  public boolean even() {
    return even;
  }

  /// Whether the other list has the very same hosts in the same order, with nothing new known of
  /// any.
  public boolean sameAs(HostList other) {
    return this == other
        || (Arrays.equals(hosts, other.hosts) && Arrays.equals(infos, other.infos));
  }

  /// The hosts, to walk through.
  public List<Host> asList() {
    return List.of(hosts);
  }
}
