package dev.weir.upstream;

import dev.weir.config.HealthConfig;
import dev.weir.config.OpenConnections.Fate;
import dev.weir.telemetry.StatScope;
import dev.weir.upstream.host.Health;
import dev.weir.upstream.host.HealthFlag;
import dev.weir.upstream.host.Host;
import java.util.Locale;

/// Closes the connections of hosts that are lost, as far as the cluster is configured so. Main loop
/// only.
final class LostHosts {
  private final HealthConfig config;
  private final StatScope scope;

  /// @param scope the cluster's
  LostHosts(HealthConfig config, StatScope scope) {
    this.config = config;
    this.scope = scope;
  }

  /// Discovery does not name the host any more.
  void removed(Host host) {
    meet(host, config.openConnections().endpointRemoved(), "endpoint_removed");
  }

  /// The host has failed by our own finding.
  ///
  /// @param why the flag that was raised
  void failed(Host host, HealthFlag why) {
    var fate =
        config.closeConnectionsOnHostHealthFailure()
            ? new Fate.Close()
            : config.openConnections().endpointUnhealthy();
    meet(host, fate, name(why));
  }

  /// Something has changed about whether the host is unhealthy.
  void turned(Host host) {
    if (host.health() != Health.UNHEALTHY) {
      host.connections().stay();
    } else if (host.has(HealthFlag.FAILED_EDS_HEALTH)) {
      unhealthy(host, HealthFlag.FAILED_EDS_HEALTH);
    } else if (host.has(HealthFlag.EDS_STATUS_DRAINING)) {
      unhealthy(host, HealthFlag.EDS_STATUS_DRAINING);
    }
  }

  private void unhealthy(Host host, HealthFlag why) {
    meet(host, config.openConnections().endpointUnhealthy(), name(why));
  }

  private static String name(HealthFlag why) {
    return why.name().toLowerCase(Locale.ROOT);
  }

  private void meet(Host host, Fate fate, String reason) {
    switch (fate) {
      case Fate.Keep _ -> {}
      case Fate.Drain(var time) ->
          host.connections().drain(time.toMillis(), scope.counter("upstream_cx_closed." + reason));
      case Fate.Close _ ->
          host.connections().closeAll(scope.counter("upstream_cx_closed." + reason));
    }
  }
}
