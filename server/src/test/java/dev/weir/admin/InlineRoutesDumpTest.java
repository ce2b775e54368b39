package dev.weir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.util.List;
import org.junit.jupiter.api.Test;

class InlineRoutesDumpTest {

  @Test
  void theTablesOfAllChainsAreFoundAndThoseOfRdsAreNot() {
    var pushed = HttpConnectionManager.newBuilder().setRds(Rds.getDefaultInstance());
    var listener =
        Listener.newBuilder()
            .addFilterChains(chain(Any.pack(manager("one"))))
            .addFilterChains(chain(Any.pack(TcpProxy.getDefaultInstance())))
            .addFilterChains(chain(Any.pack(pushed.build())))
            .addFilterChains(chain(Any.pack(manager("two"))))
            .setDefaultFilterChain(chain(Any.pack(manager("three"))))
            .build();
    assertEquals(
        List.of("one", "two", "three"),
        InlineRoutesDump.of(Any.pack(listener)).stream().map(RouteConfiguration::getName).toList());
  }

  private static HttpConnectionManager manager(String routes) {
    return HttpConnectionManager.newBuilder()
        .setRouteConfig(RouteConfiguration.newBuilder().setName(routes))
        .build();
  }

  private static FilterChain chain(Any filter) {
    return FilterChain.newBuilder()
        .addFilters(Filter.newBuilder().setName("f").setTypedConfig(filter))
        .build();
  }
}
