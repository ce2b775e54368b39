package dev.weir.admin;

import com.google.protobuf.UInt32Value;
import dev.weir.config.CircuitBreakersConfig.Thresholds;
import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.engine.ClusterEntry;
import dev.weir.engine.EngineSnapshot;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.host.HealthFlag;
import dev.weir.upstream.host.Host;
import dev.weir.xds.ResourceStatus;
import io.envoyproxy.envoy.admin.v3.ClusterStatus;
import io.envoyproxy.envoy.admin.v3.Clusters;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump.DynamicCluster;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump.StaticCluster;
import io.envoyproxy.envoy.admin.v3.HostHealthStatus;
import io.envoyproxy.envoy.admin.v3.HostStatus;
import io.envoyproxy.envoy.admin.v3.SimpleMetric;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Clusters as messages of the admin API.
final class ClustersDump {
  private ClustersDump() {}

  /// How they fare, host by host.
  static Clusters status(List<ClusterEntry> clusters) {
    var status = Clusters.newBuilder();
    clusters.forEach(cluster -> status.addClusterStatuses(status(cluster)));
    return status.build();
  }

  private static ClusterStatus status(ClusterEntry entry) {
    var config = entry.origin().config();
    var limits = config.upstream().circuitBreakers();
    var status =
        ClusterStatus.newBuilder()
            .setName(config.name())
            .setAddedViaApi(entry.origin().viaApi())
            .setObservabilityName(config.statName())
            .setCircuitBreakers(
                CircuitBreakers.newBuilder()
                    .addThresholds(thresholds(RoutingPriority.DEFAULT, limits.normal()))
                    .addThresholds(thresholds(RoutingPriority.HIGH, limits.high())));
    addRates(status, entry.cluster());
    if (config.discovery() instanceof Discovery.Eds eds
        && !eds.serviceName().equals(config.name())) {
      status.setEdsServiceName(eds.serviceName());
    }
    entry.cluster().table().hosts().forEach(host -> status.addHostStatuses(status(host)));
    return status.build();
  }

  private static void addRates(ClusterStatus.Builder status, Cluster cluster) {
    var all = cluster.successRates();
    var local = cluster.localOriginSuccessRates();
    if (all != null && all.threshold() >= 0) {
      status.setSuccessRateEjectionThreshold(percent(all.threshold()));
    }
    if (local != null && local.threshold() >= 0) {
      status.setLocalOriginSuccessRateEjectionThreshold(percent(local.threshold()));
    }
  }

  private static Percent percent(double value) {
    return Percent.newBuilder().setValue(value).build();
  }

  private static CircuitBreakers.Thresholds thresholds(
      RoutingPriority priority, Thresholds limits) {
    return CircuitBreakers.Thresholds.newBuilder()
        .setPriority(priority)
        .setMaxConnections(UInt32Value.of((int) limits.maxConnections()))
        .setMaxPendingRequests(UInt32Value.of((int) limits.maxPendingRequests()))
        .setMaxRequests(UInt32Value.of((int) limits.maxRequests()))
        .setMaxRetries(UInt32Value.of((int) limits.maxRetries()))
        .build();
  }

  private static HostStatus status(Host host) {
    var counters = host.counters();
    var status =
        HostStatus.newBuilder()
            .setAddress(WireDump.address(host.address()))
            .addStats(counter("cx_connect_fail", counters.cxConnectFail()))
            .addStats(counter("cx_total", counters.cxTotal()))
            .addStats(counter("rq_error", counters.rqError()))
            .addStats(counter("rq_success", counters.rqSuccess()))
            .addStats(counter("rq_timeout", counters.rqTimeout()))
            .addStats(counter("rq_total", counters.rqTotal()))
            .addStats(gauge("cx_active", counters.cxActive()))
            .addStats(gauge("rq_active", counters.rqActive()))
            .addStats(gauge("rq_pending_active", counters.rqPending()))
            .setHealthStatus(health(host))
            .setWeight((int) host.weight())
            .setHostname(host.hostname())
            .setPriority(host.info().place().priority())
            .setLocality(WireDump.locality(host.locality()));
    if (host.monitor().successRate() >= 0) {
      status.setSuccessRate(percent(host.monitor().successRate()));
    }
    if (host.monitor().localOriginSuccessRate() >= 0) {
      status.setLocalOriginSuccessRate(percent(host.monitor().localOriginSuccessRate()));
    }
    return status.build();
  }

  private static SimpleMetric counter(String name, long value) {
    return SimpleMetric.newBuilder().setName(name).setValue(value).build();
  }

  private static SimpleMetric gauge(String name, long value) {
    return counter(name, value).toBuilder().setType(SimpleMetric.Type.GAUGE).build();
  }

  private static HostHealthStatus health(Host host) {
    return HostHealthStatus.newBuilder()
        .setFailedActiveHealthCheck(host.has(HealthFlag.FAILED_ACTIVE_HC))
        .setFailedOutlierCheck(host.has(HealthFlag.FAILED_OUTLIER_CHECK))
        .setFailedActiveDegradedCheck(host.has(HealthFlag.DEGRADED_ACTIVE_HC))
        .setPendingDynamicRemoval(host.has(HealthFlag.PENDING_DYNAMIC_REMOVAL))
        .setPendingActiveHc(host.has(HealthFlag.PENDING_ACTIVE_HC))
        .setExcludedViaImmediateHcFail(host.has(HealthFlag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL))
        .setActiveHcTimeout(host.has(HealthFlag.ACTIVE_HC_TIMEOUT))
        .setEdsHealthStatus(discovered(host))
        .build();
  }

  /// What discovery says of a host's health.
  static HealthStatus discovered(Host host) {
    if (host.has(HealthFlag.FAILED_EDS_HEALTH)) {
      return HealthStatus.UNHEALTHY;
    }
    return host.has(HealthFlag.DEGRADED_EDS_HEALTH) ? HealthStatus.DEGRADED : HealthStatus.HEALTHY;
  }

  /// Their configuration.
  ///
  /// @param resources what the control plane said of each
  /// @param wanted which names
  static ClustersConfigDump configuration(
      EngineSnapshot snapshot, List<ResourceStatus> resources, Predicate<String> wanted) {
    var dump = ClustersConfigDump.newBuilder().setVersionInfo(snapshot.clustersVersion());
    var failed = new LinkedHashMap<String, ResourceStatus.Failure>();
    for (var resource : resources) {
      if (resource.failure() != null && wanted.test(resource.name())) {
        failed.put(resource.name(), resource.failure());
      }
    }
    for (var entry : snapshot.activeClusters()) {
      if (wanted.test(entry.origin().name())) {
        if (entry.origin().viaApi()) {
          dump.addDynamicActiveClusters(dynamic(entry, failed));
        } else {
          dump.addStaticClusters(fixed(entry));
        }
      }
    }
    for (var entry : snapshot.warmingClusters()) {
      if (wanted.test(entry.origin().name())) {
        dump.addDynamicWarmingClusters(dynamic(entry, failed));
      }
    }
    failed
        .values()
        .forEach(failure ->
            dump.addDynamicWarmingClusters(
                DynamicCluster.newBuilder().setErrorState(WireDump.failure(failure))));
    return dump.build();
  }

  private static StaticCluster fixed(ClusterEntry entry) {
    return StaticCluster.newBuilder()
        .setCluster(entry.origin().resource().wire())
        .setLastUpdated(WireDump.time(entry.origin().since()))
        .build();
  }

  private static DynamicCluster dynamic(
      ClusterEntry entry, Map<String, ResourceStatus.Failure> failed) {
    var dynamic =
        DynamicCluster.newBuilder()
            .setVersionInfo(entry.origin().resource().version())
            .setCluster(entry.origin().resource().wire())
            .setLastUpdated(WireDump.time(entry.origin().since()));
    var failure = failed.remove(entry.origin().name());
    if (failure != null) {
      dynamic.setErrorState(WireDump.failure(failure));
    }
    return dynamic.build();
  }
}
