package dev.weir.admin;

import dev.weir.xds.ResourceStatus;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump.DynamicRouteConfig;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/// Routes that were pushed, as messages of the admin API.
final class RoutesDump {
  private RoutesDump() {}

  /// One dump; none where nothing was asked for.
  static List<RoutesConfigDump> configuration(
      List<ResourceStatus> resources, Predicate<String> wanted) {
    if (resources.isEmpty()) {
      return List.of();
    }
    var dump = RoutesConfigDump.newBuilder();
    resources.stream()
        .filter(status -> wanted.test(status.name()))
        .sorted(Comparator.comparing(ResourceStatus::name))
        .forEach(status -> dump.addDynamicRouteConfigs(routes(status)));
    return List.of(dump.build());
  }

  private static DynamicRouteConfig routes(ResourceStatus status) {
    var routes =
        DynamicRouteConfig.newBuilder()
            .setClientStatus(ClientResourceStatus.valueOf(status.state().name()));
    var held = status.held();
    if (held != null) {
      routes
          .setVersionInfo(held.version())
          .setLastUpdated(WireDump.time(held.since()))
          .setRouteConfig(held.wire());
    }
    var failure = status.failure();
    if (failure != null) {
      routes.setErrorState(WireDump.failure(failure));
    }
    return routes.build();
  }
}
