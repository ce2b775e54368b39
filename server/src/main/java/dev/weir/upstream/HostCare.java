package dev.weir.upstream;

import dev.weir.upstream.health.HealthChecks;
import dev.weir.upstream.health.HostCheck;
import dev.weir.upstream.host.HealthFlag;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.outlier.OutlierDetector;
import dev.weir.upstream.outlier.SuccessRates;
import dev.weir.xds.SerialLoop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What looks after the hosts of a cluster: active checks, outlier detection, and what becomes of
/// the connections of a host that is lost. Main loop only.
final class HostCare implements HealthChecks.Listener {
  private final SerialLoop main;
  private final @Nullable HealthChecks checks;
  private final @Nullable OutlierDetector outliers;
  private final LostHosts lost;
  private final boolean goesAtOnce;
  private Consumer<Host> changed = _ -> {};
  private Runnable checked = () -> {};

  /// @param goesAtOnce a host that discovery removes goes, also while its checks pass
  HostCare(
      SerialLoop main,
      @Nullable HealthChecks checks,
      @Nullable OutlierDetector outliers,
      LostHosts lost,
      boolean goesAtOnce) {
    this.main = main;
    this.checks = checks;
    this.outliers = outliers;
    this.lost = lost;
    this.goesAtOnce = goesAtOnce;
    if (checks != null) {
      checks.listener(this);
    }
    if (outliers != null) {
      outliers.listener(this::ejectedOrNot);
    }
  }

  /// Tells these from now on.
  ///
  /// @param hostChanged a host has become better or worse
  /// @param hostChecked a host was checked
  void listen(Consumer<Host> hostChanged, Runnable hostChecked) {
    changed = hostChanged;
    checked = hostChecked;
  }

  /// A host is new.
  void prepare(Host host) {
    if (checks != null) {
      checks.prepare(host);
    }
  }

  /// A new host is among the others now.
  void add(Host host) {
    if (checks != null) {
      checks.add(host);
    }
    if (outliers != null) {
      outliers.add(host);
    }
  }

  /// A host is gone.
  void remove(Host host) {
    if (checks != null) {
      checks.remove(host);
    }
    if (outliers != null) {
      outliers.remove(host);
    }
    lost.removed(host);
  }

  /// Whether a host stays that discovery does not name any more: its checks know better.
  boolean keeps(Host host) {
    return checks != null
        && !goesAtOnce
        && checks.covers(host)
        && !host.has(HealthFlag.FAILED_ACTIVE_HC)
        && !host.has(HealthFlag.FAILED_EDS_HEALTH);
  }

  /// Discovery has made a host unhealthy, or has taken that back.
  void turned(Host host) {
    lost.turned(host);
  }

  /// Whether every host that is checked has been.
  boolean hasSeenAll() {
    return checks == null || checks.haveSeenAll();
  }

  @Override
  public void checked(Host host, HostCheck check) {
    boolean failed = host.has(HealthFlag.FAILED_ACTIVE_HC);
    if (check.changed()) {
      if (failed) {
        lost.failed(host, HealthFlag.FAILED_ACTIVE_HC);
      } else {
        host.healthySince(main.nanoTime());
        lost.turned(host);
      }
      changed.accept(host);
    }
    if (check.passed() && !failed && outliers != null) {
      outliers.passedChecks(host);
    }
    checked.run();
  }

  private void ejectedOrNot(Host host) {
    if (host.has(HealthFlag.FAILED_OUTLIER_CHECK)) {
      lost.failed(host, HealthFlag.FAILED_OUTLIER_CHECK);
    } else {
      lost.turned(host);
    }
    changed.accept(host);
  }

  /// How the success rates of the hosts compare; null where there is no outlier detection. Any
  /// thread.
  @Nullable SuccessRates rates() {
    return outliers == null ? null : outliers.rates();
  }

  /// The same of connections, where they are judged apart. Any thread.
  @Nullable SuccessRates localOriginRates() {
    return outliers == null ? null : outliers.localOriginRates();
  }

  /// Looks after them no more.
  void stop() {
    if (checks != null) {
      checks.stop();
    }
    if (outliers != null) {
      outliers.stop();
    }
  }
}
