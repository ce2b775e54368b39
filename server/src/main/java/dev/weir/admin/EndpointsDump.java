package dev.weir.admin;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import dev.weir.engine.ClusterEntry;
import dev.weir.engine.EngineSnapshot;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostSet;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump.DynamicEndpointConfig;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump.StaticEndpointConfig;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment.Policy;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint.HealthCheckConfig;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.function.Predicate;

/// The hosts of all clusters as messages of the admin API, whichever way they were discovered.
final class EndpointsDump {
  private EndpointsDump() {}

  /// @param wanted which clusters
  static EndpointsConfigDump endpoints(EngineSnapshot snapshot, Predicate<String> wanted) {
    var dump = EndpointsConfigDump.newBuilder();
    for (var entry : snapshot.activeClusters()) {
      if (wanted.test(entry.origin().name())) {
        var hosts = Any.pack(assignment(entry));
        if (entry.origin().viaApi()) {
          dump.addDynamicEndpointConfigs(
              DynamicEndpointConfig.newBuilder().setEndpointConfig(hosts));
        } else {
          dump.addStaticEndpointConfigs(StaticEndpointConfig.newBuilder().setEndpointConfig(hosts));
        }
      }
    }
    return dump.build();
  }

  private static ClusterLoadAssignment assignment(ClusterEntry entry) {
    var table = entry.cluster().table();
    var overprovisioning = UInt32Value.of((int) table.shape().overprovisioning());
    var assignment =
        ClusterLoadAssignment.newBuilder()
            .setClusterName(entry.origin().name())
            .setPolicy(Policy.newBuilder().setOverprovisioningFactor(overprovisioning));
    table.priorities().forEach(priority -> addLocalities(assignment, priority));
    return assignment.build();
  }

  private static void addLocalities(ClusterLoadAssignment.Builder assignment, HostSet priority) {
    for (var locality : priority.localities()) {
      var group =
          LocalityLbEndpoints.newBuilder()
              .setLocality(WireDump.locality(locality.locality()))
              .setPriority(priority.priority())
              .setLoadBalancingWeight(UInt32Value.of((int) locality.weight()));
      locality.hosts().all().asList().forEach(host -> group.addLbEndpoints(endpoint(host)));
      assignment.addEndpoints(group);
    }
  }

  private static LbEndpoint endpoint(Host host) {
    var endpoint =
        Endpoint.newBuilder()
            .setAddress(WireDump.address(host.address()))
            .setHostname(host.hostname())
            .setHealthCheckConfig(healthCheck(host));
    return LbEndpoint.newBuilder()
        .setEndpoint(endpoint)
        .setHealthStatus(health(host))
        .setLoadBalancingWeight(UInt32Value.of((int) host.weight()))
        .build();
  }

  private static HealthStatus health(Host host) {
    return switch (host.health()) {
      case HEALTHY -> HealthStatus.HEALTHY;
      case DEGRADED -> HealthStatus.DEGRADED;
      case UNHEALTHY -> HealthStatus.UNHEALTHY;
    };
  }

  private static HealthCheckConfig healthCheck(Host host) {
    var check = host.info().healthCheck();
    return HealthCheckConfig.newBuilder()
        .setPortValue(check.port())
        .setHostname(check.hostname())
        .setDisableActiveHealthCheck(check.disabled())
        .build();
  }
}
