package dev.weir.connection.filter;

import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.connection.Connection;
import dev.weir.connection.FilterState;
import dev.weir.connection.NetworkFilter;

/// `envoy.filters.network.sni_cluster`: takes the SNI for the name of the cluster. Any worker.
public final class SniCluster implements NetworkFilter {
  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    var name = connection.info().serverName();
    if (!name.isEmpty()) {
      new FilterState(connection.record())
          .set(StateFactory.TCP_PROXY_CLUSTER.key(), new StateValue.Text(name, false));
    }
    next.run();
  }
}
