package dev.weir.upstream.balance;

import dev.weir.upstream.host.HostList;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import dev.weir.upstream.host.HostsByHealth;
import java.util.Arrays;

/// Which share of the load each priority gets, in percent, and which priorities are in panic.
/// Immutable once made.
///
/// A priority takes as much as its hosts can bear, the highest first; degraded hosts get what the
/// healthy ones of all priorities cannot bear. If even together they cannot bear everything, a
/// priority with too few hosts that are well is in panic and uses all it has.
///
/// Rules and rounding are Envoy's: see "Priority levels", "Degraded endpoints" and "Panic
/// threshold" in its documentation.
final class PriorityLoad {
  private final int[] healthy;
  private final int[] degraded;
  private final boolean[] panic;

  private PriorityLoad(int priorities) {
    healthy = new int[priorities];
    degraded = new int[priorities];
    panic = new boolean[priorities];
  }

  /// The load for these hosts.
  ///
  /// @param panicThreshold in percent; 0 never panics
  static PriorityLoad of(HostTable table, int panicThreshold) {
    int n = table.priorities().size();
    var load = new PriorityLoad(n);
    var canBear = new int[n];
    var canBearDegraded = new int[n];
    for (int i = 0; i < n; i++) {
      var hosts = table.priorities().get(i).hosts();
      canBear[i] = bearable(hosts, hosts.healthy(), table.shape());
      canBearDegraded[i] = bearable(hosts, hosts.degraded(), table.shape());
    }
    int total = Math.min(100, Arrays.stream(canBear).sum() + Arrays.stream(canBearDegraded).sum());
    if (total > 0) {
      load.distribute(canBear, canBearDegraded, total);
    }
    if (total < 100) {
      load.panicWhereTooFew(table, panicThreshold, total);
    }
    return load;
  }

  private static int bearable(HostsByHealth hosts, HostList some, Shape shape) {
    if (hosts.counted() <= 0) {
      return 0;
    }
    long part = shape.weightedHealth() ? some.totalWeight() : some.size();
    long whole = shape.weightedHealth() ? hosts.countedWeight() : hosts.counted();
    return (int) Math.min(100, shape.overprovisioning() * part / whole);
  }

  private void distribute(int[] canBear, int[] canBearDegraded, int total) {
    int left = share(canBear, healthy, 100, total);
    left = share(canBearDegraded, degraded, left, total);
    // What rounding has left over goes to the first priority that bears anything.
    int first = firstAbove0(canBear);
    if (first >= 0) {
      healthy[first] += left;
    } else {
      degraded[firstAbove0(canBearDegraded)] += left;
    }
  }

  /// Gives each priority what it bears, as long as there is something left.
  private static int share(int[] canBear, int[] load, int left, int total) {
    for (int i = 0; i < load.length; i++) {
      load[i] = Math.min(left, canBear[i] * 100 / total);
      left -= load[i];
    }
    return left;
  }

  private static int firstAbove0(int[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] > 0) {
        return i;
      }
    }
    return -1;
  }

  private void panicWhereTooFew(HostTable table, int threshold, int total) {
    if (threshold == 0 && total == 0) {
      healthy[0] = 100; // Somebody has to find that there is no host.
      return;
    }
    boolean everywhere = true;
    for (int i = 0; i < panic.length; i++) {
      panic[i] = tooFew(table.priorities().get(i).hosts(), threshold);
      everywhere &= panic[i];
    }
    if (everywhere) {
      shareByNumber(table);
    }
  }

  /// Whether fewer hosts than the threshold are well.
  static boolean tooFew(HostsByHealth hosts, int threshold) {
    int counted = hosts.counted();
    double well =
        counted == 0
            ? 0
            : 100.0 * hosts.healthy().size() / counted + 100.0 * hosts.degraded().size() / counted;
    return well < threshold;
  }

  /// In panic everywhere, each priority gets load by how many hosts it has, well or not.
  private void shareByNumber(HostTable table) {
    Arrays.fill(healthy, 0);
    Arrays.fill(degraded, 0);
    int n = healthy.length;
    var sizes = new int[n];
    for (int i = 0; i < n; i++) {
      sizes[i] = table.priorities().get(i).hosts().all().size();
    }
    int hosts = Arrays.stream(sizes).sum();
    int left = 100;
    for (int i = 0; i < n && hosts > 0; i++) {
      healthy[i] = (int) (100L * sizes[i] / hosts);
      left -= healthy[i];
    }
    healthy[Math.max(0, firstAbove0(sizes))] += left;
  }

  /// The priority for this hash or random number, and whether its degraded hosts are meant.
  ///
  /// @return `priority * 2`, plus 1 for the degraded hosts
  int choose(long hash) {
    int left = (int) Long.remainderUnsigned(hash, 100);
    for (int i = 0; i < healthy.length; i++) {
      left -= healthy[i];
      if (left < 0) {
        return i << 1;
      }
    }
    for (int i = 0; i < degraded.length; i++) {
      left -= degraded[i];
      if (left < 0) {
        return (i << 1) | 1;
      }
    }
    throw new IllegalStateException("load does not add up to 100: " + this);
  }

  /// The share of a priority's healthy hosts, or of all its hosts in panic; in percent.
  int healthy(int priority) {
    return healthy[priority];
  }

  /// The share of a priority's degraded hosts; in percent.
  int degraded(int priority) {
    return degraded[priority];
  }

  /// Whether all hosts of this priority are used because too few are well.
  boolean panics(int priority) {
    return panic[priority];
  }

  @Override
  public String toString() {
    return "healthy "
        + Arrays.toString(healthy)
        + ", degraded "
        + Arrays.toString(degraded)
        + ", panic "
        + Arrays.toString(panic);
  }
}
