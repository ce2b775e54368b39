package dev.weir.http.filter;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.Cluster;
import org.jspecify.annotations.Nullable;

/// What `ext_authz` counts, of its connection manager and of the clusters that requests are for.
/// Any thread.
final class ExtAuthzStats {
  private final String prefix;
  private final Counter ok;
  private final Counter denied;
  private final Counter error;
  private final Counter failOpen;
  private final Counter invalid;
  final Counter disabled;
  final Counter ignoredMetadata;

  ExtAuthzStats(StatScope scope, String statPrefix) {
    prefix = statPrefix.isEmpty() ? "ext_authz." : "ext_authz." + statPrefix + ".";
    ok = scope.counter(prefix + "ok");
    denied = scope.counter(prefix + "denied");
    error = scope.counter(prefix + "error");
    failOpen = scope.counter(prefix + "failure_mode_allowed");
    disabled = scope.counter(prefix + "disabled");
    invalid = scope.counter(prefix + "invalid");
    ignoredMetadata = scope.counter(prefix + "ignored_dynamic_metadata");
  }

  void allowed(@Nullable Cluster cluster) {
    ok.increment();
    count(cluster, "ok");
  }

  void refused(@Nullable Cluster cluster) {
    denied.increment();
    count(cluster, "denied");
  }

  void failed(@Nullable Cluster cluster) {
    error.increment();
    count(cluster, "error");
  }

  void failedOpen(@Nullable Cluster cluster) {
    failOpen.increment();
    count(cluster, "failure_mode_allowed");
  }

  void invalid(@Nullable Cluster cluster) {
    invalid.increment();
    count(cluster, "invalid");
  }

  private void count(@Nullable Cluster cluster, String name) {
    if (cluster != null) {
      cluster.stats().scope().counter(prefix + name).increment();
    }
  }
}
