package dev.weir.admin;

import com.google.protobuf.Any;
import dev.weir.engine.EngineSnapshot;
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

  /// One dump; none where nothing was asked for, and no listener has its own.
  static List<RoutesConfigDump> configuration(
      EngineSnapshot snapshot, List<ResourceStatus> resources, Predicate<String> wanted) {
    var dump = RoutesConfigDump.newBuilder();
    for (var listener : snapshot.listeners()) {
      for (var inline : InlineRoutesDump.of(listener.origin().resource().wire())) {
        if (wanted.test(inline.getName())) {
          dump.addStaticRouteConfigsBuilder()
              .setRouteConfig(Any.pack(inline))
              .setLastUpdated(WireDump.time(listener.origin().since()));
        }
      }
    }
    if (resources.isEmpty() && dump.getStaticRouteConfigsCount() == 0) {
      return List.of();
    }
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
