package dev.weir.upstream;

import dev.weir.telemetry.ClusterStatFamilies;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.Histogram;
import dev.weir.telemetry.StatFamily;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What is counted of a cluster's connections, below `cluster.<name>.`. Nothing exists before it is
/// first counted. Any thread.
public final class ClusterStats {
  /// Counters, by their names in upper case.
  public enum Count {
    BIND_ERRORS,
    UPSTREAM_CX_CONNECT_ATTEMPTS_EXCEEDED,
    UPSTREAM_CX_CONNECT_FAIL,
    UPSTREAM_CX_CONNECT_TIMEOUT,
    UPSTREAM_CX_DESTROY,
    UPSTREAM_CX_DESTROY_LOCAL,
    UPSTREAM_CX_DESTROY_LOCAL_WITH_ACTIVE_RQ,
    UPSTREAM_CX_DESTROY_REMOTE,
    UPSTREAM_CX_DESTROY_REMOTE_WITH_ACTIVE_RQ,
    UPSTREAM_CX_DESTROY_WITH_ACTIVE_RQ,
    UPSTREAM_CX_IDLE_TIMEOUT,
    UPSTREAM_CX_NONE_HEALTHY,
    UPSTREAM_CX_OVERFLOW,
    UPSTREAM_CX_PRECONNECT_SKIPPED,
    UPSTREAM_CX_RX_BYTES_TOTAL,
    UPSTREAM_CX_TOTAL,
    UPSTREAM_CX_TX_BYTES_TOTAL,
    UPSTREAM_FLOW_CONTROL_BACKED_UP_TOTAL,
    UPSTREAM_FLOW_CONTROL_DRAINED_TOTAL,
    UPSTREAM_FLOW_CONTROL_PAUSED_READING_TOTAL,
    UPSTREAM_FLOW_CONTROL_RESUMED_READING_TOTAL,
    UPSTREAM_RQ_CANCELLED,
    UPSTREAM_RQ_PENDING_FAILURE_EJECT,
    UPSTREAM_RQ_PENDING_OVERFLOW,
    UPSTREAM_RQ_PENDING_TOTAL,
    UPSTREAM_RQ_TOTAL;

    private final String text = name().toLowerCase(Locale.ROOT);
  }

  /// Gauges, by their names in upper case.
  public enum Level {
    UPSTREAM_CX_ACTIVE,
    UPSTREAM_CX_RX_BYTES_BUFFERED,
    UPSTREAM_CX_TX_BYTES_BUFFERED,
    UPSTREAM_RQ_ACTIVE,
    UPSTREAM_RQ_PENDING_ACTIVE;

    private final String text = name().toLowerCase(Locale.ROOT);
  }

  private final Stats stats;
  private final String statName;
  private final String zone;
  private final StatScope scope;
  private final List<StatScope> below = new ArrayList<>();

  /// Opens the cluster's scope. Main loop only.
  ///
  /// @param statName the cluster's `alt_stat_name` or name
  ClusterStats(Stats stats, String statName) {
    this(stats, statName, "");
  }

  /// As [#ClusterStats(Stats, String)].
  ///
  /// @param zone the gateway's own; empty for none
  ClusterStats(Stats stats, String statName, String zone) {
    this.stats = stats;
    this.statName = statName;
    this.zone = zone;
    scope = stats.scope("cluster." + statName, ClusterStatFamilies.CLUSTER);
  }

  /// Opens a scope below it. Main loop only.
  StatScope open(String name, StatFamily family) {
    var opened = scope.scope(name, family);
    below.add(opened);
    return opened;
  }

  /// Opens a scope of this prefix and the cluster's name, beside the cluster's. Main loop only.
  StatScope openBeside(String prefix, StatFamily family) {
    var opened = stats.scope(prefix + "." + statName, family);
    below.add(opened);
    return opened;
  }

  /// Gives all of them up. Main loop only.
  void close() {
    below.forEach(StatScope::close);
    scope.close();
  }

  /// The zone that requests come from; empty if that is not known.
  public String zone() {
    return zone;
  }

  /// The scope, for what is not listed here.
  public StatScope scope() {
    return scope;
  }

  /// A counter. What counts often keeps it.
  public Counter get(Count which) {
    return scope.counter(which.text);
  }

  /// A gauge. What changes it often keeps it.
  public Gauge get(Level which) {
    return scope.gauge(which.text);
  }

  /// `upstream_cx_connect_ms`.
  public Histogram connectMillis() {
    return scope.histogram("upstream_cx_connect_ms");
  }

  /// `upstream_cx_length_ms`.
  public Histogram lengthMillis() {
    return scope.histogram("upstream_cx_length_ms");
  }
}
