package dev.weir.bootstrap;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.config.ConnectionLimits;
import dev.weir.config.Field;
import dev.weir.proto.WireTypes;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.overload.v3.ResourceMonitor;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;

/// Reads how many connections may be open: of the overload manager, and of the static layers of
/// runtime.
final class LimitsDecoder {
  private LimitsDecoder() {}

  static ConnectionLimits limits(Bootstrap wire, Field at) {
    long global = ConnectionLimits.NONE.global();
    var monitors = wire.getOverloadManager().getResourceMonitorsList();
    for (int i = 0; i < monitors.size(); i++) {
      var there = at.at("overload_manager").at("resource_monitors", i);
      global = Math.min(global, limit(monitors.get(i), there));
    }
    at.at("overload_manager")
        .withoutEffect(wire.getOverloadManager().getActionsCount() > 0, "actions");
    at.at("overload_manager")
        .withoutEffect(wire.getOverloadManager().getLoadshedPointsCount() > 0, "loadshed_points");
    return new ConnectionLimits(global, RuntimeLayers.of(wire.getLayeredRuntime()).numbers());
  }

  private static long limit(ResourceMonitor wire, Field at) {
    try {
      var typed = WireTypes.unpack(wire.getTypedConfig());
      if (typed instanceof DownstreamConnectionsConfig config) {
        at.at("typed_config")
            .at("max_active_downstream_connections")
            .require(config.getMaxActiveDownstreamConnections() > 0, "must be > 0");
        return config.getMaxActiveDownstreamConnections();
      }
      at.warn("has no effect");
    } catch (InvalidProtocolBufferException _) {
      // An unknown monitor is refused elsewhere.
    } catch (InvalidResourceException e) {
      at.note(e.violations());
    }
    return ConnectionLimits.NONE.global();
  }
}
