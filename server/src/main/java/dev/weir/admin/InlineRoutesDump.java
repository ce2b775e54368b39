package dev.weir.admin;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.List;

/// The route tables that a listener has with it. Any thread.
final class InlineRoutesDump {
  private InlineRoutesDump() {}

  /// All of them, in the order of its filter chains.
  static List<RouteConfiguration> of(Any wire) {
    var found = new ArrayList<RouteConfiguration>();
    try {
      var listener = wire.unpack(Listener.class);
      for (var chain : listener.getFilterChainsList()) {
        add(chain, found);
      }
      add(listener.getDefaultFilterChain(), found);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a listener in force cannot be read", e);
    }
    return found;
  }

  private static void add(FilterChain chain, List<RouteConfiguration> found)
      throws InvalidProtocolBufferException {
    for (var filter : chain.getFiltersList()) {
      if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
        var manager = filter.getTypedConfig().unpack(HttpConnectionManager.class);
        if (manager.hasRouteConfig()) {
          found.add(manager.getRouteConfig());
        }
      }
    }
  }
}
