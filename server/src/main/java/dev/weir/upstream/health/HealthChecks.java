package dev.weir.upstream.health;

import dev.weir.telemetry.Gauge;
import dev.weir.upstream.host.HealthFlag;
import dev.weir.upstream.host.Host;
import dev.weir.xds.SerialLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The active checks of a cluster's hosts. A host is well as long as it passes all of them. Main
/// loop only.
public final class HealthChecks {
  private final SerialLoop main;
  private final List<HealthChecker> checkers;
  private final boolean excludeUnchecked;
  private final @Nullable Totals totals;
  private final Map<Host, HostVerdict> hosts = new HashMap<>();
  private Listener listener = (_, _) -> {};
  private int unseen;

  /// Who wants to know.
  public interface Listener {
    /// A host was checked; its flags say what all checks together have found.
    void checked(Host host, HostCheck check);
  }

  /// The gauges over several checks.
  record Totals(Gauge healthy, Gauge degraded) {
    void show(Iterable<Host> hosts) {
      int well = 0;
      int worse = 0;
      for (var host : hosts) {
        well += host.has(HealthFlag.FAILED_ACTIVE_HC) ? 0 : 1;
        worse += host.has(HealthFlag.DEGRADED_ACTIVE_HC) ? 1 : 0;
      }
      healthy.set(well);
      degraded.set(worse);
    }
  }

  /// @param excludeUnchecked leaves a host out of account until it was checked
  ///   (`ignore_new_hosts_until_first_hc`)
  /// @param totals null where the only check's gauges say the same
  HealthChecks(
      SerialLoop main,
      List<HealthChecker> checkers,
      boolean excludeUnchecked,
      @Nullable Totals totals) {
    this.main = main;
    this.checkers = List.copyOf(checkers);
    this.excludeUnchecked = excludeUnchecked;
    this.totals = totals;
  }

  /// Tells this one from now on.
  public void listener(Listener next) {
    listener = next;
  }

  /// Whether the host is checked at all.
  public boolean covers(Host host) {
    return !host.info().healthCheck().disabled();
  }

  /// A new host has failed until it passes.
  public void prepare(Host host) {
    if (covers(host)) {
      host.set(HealthFlag.FAILED_ACTIVE_HC, true);
      host.set(HealthFlag.PENDING_ACTIVE_HC, excludeUnchecked);
    }
  }

  /// Begins to check a host.
  public void add(Host host) {
    if (!covers(host)) {
      return;
    }
    var verdict = new HostVerdict(this, host);
    for (var checker : checkers) {
      verdict.add(new HealthSession(checker, host, verdict));
    }
    hosts.put(host, verdict);
    unseen++;
    host.onFailNow(() -> main.execute(() -> failNow(host)));
    verdict.start();
  }

  private void failNow(Host host) {
    var verdict = hosts.get(host);
    if (verdict != null) {
      verdict.failNow();
    }
  }

  /// Checks a host no more.
  public void remove(Host host) {
    var verdict = hosts.remove(host);
    if (verdict != null) {
      host.onFailNow(null);
      verdict.stop();
      unseen -= verdict.isSeen() ? 0 : 1;
      showTotals();
    }
  }

  void seen() {
    unseen--;
  }

  void reached(Host host, HostCheck check) {
    if (check.changed()) {
      showTotals();
    }
    listener.checked(host, check);
  }

  private void showTotals() {
    if (totals != null) {
      totals.show(hosts.keySet());
    }
  }

  /// Whether every host has had its first result.
  public boolean haveSeenAll() {
    return unseen == 0;
  }

  /// Checks nobody any more.
  public void stop() {
    hosts.values().forEach(HostVerdict::stop);
    hosts.clear();
    showTotals();
  }
}
