package dev.weir.http.router;

import dev.weir.http.Names;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.route.Route;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.http.CodeStats;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where one request is counted: at its cluster, and at its virtual cluster and its route, where
/// those have names. Its worker only.
final class RequestCounts {
  private static final int FAILURES = 500;

  private final StatScope cluster;
  private final String zone;
  private final boolean internal;
  private final String alternative;
  private final List<StatScope> others = new ArrayList<>(2);

  RequestCounts(Cluster cluster, Route route, FilterStream stream) {
    this.cluster = cluster.stats().scope();
    this.zone = cluster.stats().zone();
    var headers = stream.requestHeaders();
    this.internal = headers.contains(Names.INTERNAL);
    var alt = headers.getAndRemove(Names.ALT_STAT_NAME);
    this.alternative = alt == null ? "" : alt + ".";
    var host = route.host().config().name();
    var virtual = stream.virtualCluster();
    if (virtual != null) {
      others.add(stream.scope("vhost." + host + ".vcluster." + virtual));
    }
    if (!route.config().statPrefix().isEmpty()) {
      others.add(stream.scope("vhost." + host + ".route." + route.config().statPrefix()));
    }
  }

  /// Something that is counted everywhere.
  void count(String what) {
    cluster.counter(what).increment();
    for (int i = 0; i < others.size(); i++) {
      others.get(i).counter(what).increment();
    }
  }

  /// Something that only the cluster counts.
  void countAtCluster(String what) {
    cluster.counter(what).increment();
  }

  /// A request goes out.
  void attempt() {
    for (int i = 0; i < others.size(); i++) {
      others.get(i).counter("upstream_rq_total").increment();
    }
  }

  /// The answer, whoever gave it.
  ///
  /// @param host whom the request went to; null for none
  /// @param canary whether that host says it is the canary
  void answered(int status, @Nullable Host host, boolean canary) {
    CodeStats.count(cluster, status, internal);
    var zones = zones(host);
    if (!zones.isEmpty()) {
      CodeStats.countBelow(cluster, zones, status);
    }
    if (canary) {
      CodeStats.countBelow(cluster, "canary.", status);
    }
    if (host != null && status >= FAILURES && status < FAILURES + 100) {
      host.counters().requestFailed();
    }
    if (!alternative.isEmpty()) {
      CodeStats.countBelow(cluster, alternative, status);
    }
    for (int i = 0; i < others.size(); i++) {
      CodeStats.countBelow(others.get(i), "", status);
    }
  }

  private String zones(@Nullable Host host) {
    return host == null || zone.isEmpty() ? "" : CodeStats.zones(zone, host.locality().zone());
  }

  /// An answer that has made for another attempt.
  void retried(int status) {
    CodeStats.countBelow(cluster, "retry.", status);
  }

  /// A whole exchange took so many milliseconds.
  void time(long millis, @Nullable Host host) {
    CodeStats.time(cluster, millis, internal);
    var zones = zones(host);
    if (!zones.isEmpty()) {
      cluster.histogram(zones + "upstream_rq_time").record(millis);
    }
    for (int i = 0; i < others.size(); i++) {
      others.get(i).histogram("upstream_rq_time").record(millis);
    }
  }
}
