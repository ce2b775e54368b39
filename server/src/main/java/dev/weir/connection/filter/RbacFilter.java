package dev.weir.connection.filter;

import dev.weir.config.RbacConfig;
import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.NetworkFilter;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;

/// `envoy.filters.network.rbac`: closes connections that may not come in. Any worker.
///
/// It decides once, when the handshake is done, and before anything is connected to. Envoy waits
/// for the first byte, by when its `tcp_proxy` has connected.
public final class RbacFilter implements NetworkFilter {
  private static final String NAMESPACE = "envoy.filters.network.rbac";

  private final RbacConfig config;
  private final StatScope scope;
  private final RbacDecisions decisions;

  /// @param stats where it counts
  public RbacFilter(RbacConfig config, Stats stats) {
    this.config = config;
    var prefix = config.statPrefix();
    this.scope =
        stats.scope(prefix.endsWith(".") ? prefix + "rbac" : prefix + ".rbac", StatFamilies.RBAC);
    this.decisions =
        new RbacDecisions(
            config,
            NAMESPACE,
            new RbacStats(scope, "", config.shadowPrefix()),
            RbacDecisions.Manner.PLAIN);
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    var refusal = decisions.refusal(RbacSubject.Plain.of(connection));
    if (refusal == null) {
      next.run();
      return;
    }
    connection.record().terminationDetails(refusal);
    Refusal.close(connection, CloseReason.RBAC_DENIED, config.delay());
  }

  @Override
  public void close() {
    scope.close();
  }
}
