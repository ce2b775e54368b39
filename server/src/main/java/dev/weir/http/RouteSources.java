package dev.weir.http;

import dev.weir.config.HttpConnectionManagerConfig.Routes;
import dev.weir.http.route.RouteTable;

/// Where routes that a control plane pushes are to be had. Main loop only.
public interface RouteSources {
  /// Has none, and leaves whoever asks without routes.
  RouteSources NONE = (_, _) -> RouteSource.of(RouteTable.EMPTY);

  /// Opens the routes of a name; several who ask for one name share a subscription.
  ///
  /// @param statPrefix the connection manager's, below which the subscription counts
  RouteSource open(Routes.Rds routes, String statPrefix);
}
