package dev.weir.upstream.outlier;

import dev.weir.config.OutlierDetectionConfig;
import dev.weir.telemetry.EventFile;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.host.HealthFlag;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostMonitor;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.SerialLoop.Cancellable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Ejects the hosts of a cluster that fail, and takes them back after a while. Main loop only; what
/// it decides by is counted by the workers.
public final class OutlierDetector {
  private final Setting setting;
  private final OutlierDetectionConfig config;
  private final OutlierEvents events;
  private final Map<Host, OutlierMonitor> monitors = new LinkedHashMap<>();
  private Consumer<Host> listener = _ -> {};
  private @Nullable Cancellable timer;
  private int active;
  private boolean started;
  private volatile SuccessRates external = SuccessRates.NONE;
  private volatile SuccessRates local = SuccessRates.NONE;

  /// What a detector works with.
  ///
  /// @param scope `cluster.<name>.outlier_detection`
  /// @param log where events are written; null for nowhere
  /// @param random for jitter and for enforcing a share of the detections
  public record Setting(
      SerialLoop main,
      String cluster,
      OutlierDetectionConfig config,
      StatScope scope,
      @Nullable EventFile log,
      RandomGenerator random) {}

  /// @param setting what it works with
  public OutlierDetector(Setting setting) {
    this.setting = setting;
    this.config = setting.config;
    this.events = new OutlierEvents(setting.log, setting.cluster, setting.main::now);
  }

  /// Tells this one from now on of each host that was ejected or taken back.
  public void listener(Consumer<Host> next) {
    listener = next;
  }

  /// Begins to watch a host. The first begins the intervals.
  public void add(Host host) {
    var monitor = new OutlierMonitor(host, config, this::reached);
    monitors.put(host, monitor);
    host.monitor(monitor);
    if (!started) {
      started = true;
      arm();
    }
  }

  /// Watches a host no more.
  public void remove(Host host) {
    if (monitors.remove(host) != null) {
      host.monitor(HostMonitor.NONE);
      if (host.has(HealthFlag.FAILED_OUTLIER_CHECK)) {
        active(-1);
      }
    }
  }

  private void arm() {
    timer = setting.main.schedule(config.ejection().interval(), this::judge);
  }

  private void reached(Host host, EjectionCause cause) {
    setting.main.execute(() -> consecutive(host, cause));
  }

  private void consecutive(Host host, EjectionCause cause) {
    var monitor = monitors.get(host);
    if (monitor == null || host.has(HealthFlag.FAILED_OUTLIER_CHECK)) {
      return; // the news has crossed the host's removal or ejection
    }
    if (cause == EjectionCause.DEGRADED) {
      degrade(host, monitor);
      return;
    }
    monitor.reset(cause);
    if (cause == EjectionCause.CONSECUTIVE_5XX) {
      count("ejections_consecutive_5xx");
    }
    detected(host, monitor, cause, SuccessRates.NONE);
  }

  private void detected(
      Host host, OutlierMonitor monitor, EjectionCause cause, SuccessRates rates) {
    count("ejections_detected_" + cause.statName());
    if (host.has(HealthFlag.FAILED_OUTLIER_CHECK)) {
      return; // for another cause, in the same interval
    }
    if (!hasRoom()) {
      count("ejections_overflow");
      return;
    }
    if (cause == EjectionCause.CONSECUTIVE_5XX || cause == EjectionCause.SUCCESS_RATE) {
      count("ejections_total");
    }
    long now = setting.main.nanoTime();
    long ago = monitor.ejections.secondsSinceChange(now);
    boolean enforced = setting.random.nextInt(100) < cause.enforcing(config);
    if (enforced) {
      eject(host, monitor, cause, now);
    }
    events.ejected(new OutlierEvents.Ejected(host, monitor, cause, rates, enforced, ago));
  }

  /// However many there are: a degraded host is not out.
  private void degrade(Host host, OutlierMonitor monitor) {
    if (!host.set(HealthFlag.DEGRADED_OUTLIER_DETECTION, true)) {
      return;
    }
    count("ejections_detected_" + EjectionCause.DEGRADED.statName());
    long now = setting.main.nanoTime();
    monitor.degradations.eject(config.ejection(), now, setting.random);
    listener.accept(host);
    events.ejected(
        new OutlierEvents.Ejected(
            host,
            monitor,
            EjectionCause.DEGRADED,
            SuccessRates.NONE,
            true,
            monitor.ejections.secondsSinceChange(now)));
  }

  private void judgeDegraded(Host host, OutlierMonitor monitor, long now) {
    if (!host.has(HealthFlag.DEGRADED_OUTLIER_DETECTION)) {
      monitor.degradations.forgive();
    } else if (monitor.degradations.isOver(config.ejection(), now)) {
      host.set(HealthFlag.DEGRADED_OUTLIER_DETECTION, false);
      listener.accept(host);
      events.unejected(host, monitor, monitor.ejections.secondsSinceChange(now));
    }
  }

  /// Whether one more host may be out at the same time.
  private boolean hasRoom() {
    var limits = config.ejection();
    if (limits.alwaysOne() && active == 0) {
      return true;
    }
    return 100.0 * (active + 1) / monitors.size() <= limits.maxPercent();
  }

  private void eject(Host host, OutlierMonitor monitor, EjectionCause cause, long now) {
    active(1);
    count("ejections_enforced_total");
    count("ejections_enforced_" + cause.statName());
    monitor.ejections.eject(config.ejection(), now, setting.random);
    host.set(HealthFlag.FAILED_OUTLIER_CHECK, true);
    listener.accept(host);
  }

  /// An active check has gone well, and so did all others of the host.
  public void passedChecks(Host host) {
    var monitor = monitors.get(host);
    if (config.activeCheckUnejects()
        && monitor != null
        && host.has(HealthFlag.FAILED_OUTLIER_CHECK)) {
      takeBack(host, monitor);
    }
  }

  private void takeBack(Host host, OutlierMonitor monitor) {
    long now = setting.main.nanoTime();
    long ago = monitor.ejections.secondsSinceChange(now);
    active(-1);
    host.set(HealthFlag.FAILED_OUTLIER_CHECK, false);
    monitor.resetAll();
    monitor.ejections.end(now);
    listener.accept(host);
    events.unejected(host, monitor, ago);
  }

  /// An interval is over.
  private void judge() {
    long now = setting.main.nanoTime();
    for (var entry : List.copyOf(monitors.entrySet())) {
      var monitor = entry.getValue();
      if (!entry.getKey().has(HealthFlag.FAILED_OUTLIER_CHECK)) {
        monitor.ejections.forgive();
      } else if (monitor.ejections.isOver(config.ejection(), now)) {
        takeBack(entry.getKey(), monitor);
      }
      judgeDegraded(entry.getKey(), monitor, now);
      monitor.external.turn();
      monitor.local.turn();
    }
    external = compare(Origin.EXTERNAL);
    local = compare(Origin.LOCAL);
    arm();
  }

  /// Which results are compared.
  private enum Origin {
    EXTERNAL(EjectionCause.SUCCESS_RATE, EjectionCause.FAILURE_PERCENTAGE) {
      @Override
      Tally of(OutlierMonitor monitor) {
        return monitor.external;
      }
    },
    LOCAL(EjectionCause.SUCCESS_RATE_LOCAL_ORIGIN, EjectionCause.FAILURE_PERCENTAGE_LOCAL_ORIGIN) {
      @Override
      Tally of(OutlierMonitor monitor) {
        return monitor.local;
      }
    };

    private final EjectionCause byRate;
    private final EjectionCause byPercentage;

    Origin(EjectionCause byRate, EjectionCause byPercentage) {
      this.byRate = byRate;
      this.byPercentage = byPercentage;
    }

    abstract Tally of(OutlierMonitor monitor);
  }

  private SuccessRates compare(Origin origin) {
    var byRate = config.successRate();
    var byPercentage = config.failurePercentage();
    if (monitors.size() < byRate.minimumHosts() && monitors.size() < byPercentage.minimumHosts()) {
      return SuccessRates.NONE;
    }
    show(origin, Math.min(byRate.requestVolume(), byPercentage.requestVolume()));
    var rates = SuccessRates.NONE;
    var compared = withVolume(origin, byRate.requestVolume());
    var measured = withVolume(origin, byPercentage.requestVolume());
    if (isEnough(compared, byRate.minimumHosts())) {
      rates = rates(compared, origin::of, byRate.stdevFactor() / 1000.0);
      for (var host : compared) {
        var monitor = monitorOf(host);
        if (origin.of(monitor).rate() < rates.threshold()) {
          count("ejections_success_rate");
          detected(host, monitor, origin.byRate, rates);
        }
      }
    }
    if (isEnough(measured, byPercentage.minimumHosts())) {
      for (var host : measured) {
        var monitor = monitorOf(host);
        if (100 - origin.of(monitor).rate() >= byPercentage.threshold()) {
          detected(host, monitor, origin.byPercentage, rates);
        }
      }
    }
    return rates;
  }

  private void show(Origin origin, long volume) {
    withVolume(origin, volume).forEach(host -> origin.of(monitorOf(host)).show());
  }

  /// The hosts that are not ejected and had so many results.
  private List<Host> withVolume(Origin origin, long volume) {
    var hosts = new ArrayList<Host>();
    monitors.forEach((host, monitor) -> {
      long had = origin.of(monitor).volume();
      if (had > 0 && had >= volume && !host.has(HealthFlag.FAILED_OUTLIER_CHECK)) {
        hosts.add(host);
      }
    });
    return hosts;
  }

  private static boolean isEnough(List<Host> hosts, long minimum) {
    return !hosts.isEmpty() && hosts.size() >= minimum;
  }

  private SuccessRates rates(
      List<Host> hosts, Function<OutlierMonitor, Tally> tally, double factor) {
    return SuccessRates.of(
        hosts.stream().map(host -> tally.apply(monitorOf(host))).toList(), factor);
  }

  private OutlierMonitor monitorOf(Host host) {
    var monitor = monitors.get(host);
    if (monitor == null) {
      throw new IllegalStateException(host + " is not watched");
    }
    return monitor;
  }

  private void active(int change) {
    active += change;
    setting.scope.gauge("ejections_active").set(active);
  }

  private void count(String name) {
    setting.scope.counter(name).increment();
  }

  /// How the success rates of the last interval compare. Any thread.
  public SuccessRates rates() {
    return external;
  }

  /// The same of connections, where they are judged apart. Any thread.
  public SuccessRates localOriginRates() {
    return local;
  }

  /// Watches nobody any more; who is ejected stays so.
  public void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
