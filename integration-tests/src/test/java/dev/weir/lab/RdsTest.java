package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of routes when a control plane adds and changes them, and when it sends bad ones:
/// over both forms of the protocol.
@ParameterizedClass
@EnumSource
class RdsTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final BlockingQueue<XdsEvent> events = new LinkedBlockingQueue<>();
  private final ControlPlane plane = ControlPlane.create(events::add);
  private final Proxy proxy;

  RdsTest(XdsMode mode) throws IOException {
    plane.push(List.of());
    proxy = Proxy.start(ProxyKind.WEIR, mode.bootstrap(plane.listen(ANY)));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    plane.close();
  }

  @Test
  void aChangedRouteIsTakenByTheNextRequestOfAnOpenConnection() throws IOException {
    push(listener(), routes("one"));
    try (var client = Peer.connect(proxy.port("web"))) {
      assertEquals("one", ask(client));
      push(listener(), routes("two"));
      Await.until("the new route", () -> ask(client), "two"::equals);
      var shown = proxy.get("/config_dump?resource=dynamic_route_configs");
      assertTrue(shown.contains("\"client_status\": \"ACKED\""), shown);
    }
  }

  @Test
  void aBadRouteConfigurationIsRefusedAndTheFormerServesOn() throws IOException {
    push(listener(), routes("one"));
    try (var client = Peer.connect(proxy.port("web"))) {
      assertEquals("one", ask(client));
      var bad = routes("two").toBuilder();
      bad.getVirtualHostsBuilder(0)
          .getRoutesBuilder(0)
          .getMatchBuilder()
          .getSafeRegexBuilder()
          .setRegex("(");
      push(listener(), bad.build());
      proxy.awaitStat("http.web.rds.r.update_rejected", 1);
      assertEquals("one", ask(client));
    }
  }

  @Test
  void aListenerWaitsForItsRoutes() throws IOException {
    push(listener());
    proxy.awaitStat("listener_manager.total_listeners_warming", 1);
    push(listener(), routes("one"));
    try (var client = Peer.connect(proxy.port("web"))) {
      assertEquals("one", ask(client));
    }
  }

  private void push(Message... resources) {
    plane.push(List.of(resources));
  }

  /// @return the body of the answer, which is its last line
  private static String ask(Peer client) throws IOException {
    client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    String line;
    do {
      line = client.line().strip();
    } while (!line.isEmpty());
    return client.line().strip();
  }

  private static RouteConfiguration routes(String body) {
    var routes = RouteConfiguration.newBuilder().setName("r");
    var route = routes.addVirtualHostsBuilder().setName("all").addDomains("*").addRoutesBuilder();
    route.getMatchBuilder().setPrefix("/");
    route.getDirectResponseBuilder().setStatus(200).getBodyBuilder().setInlineString(body + "\n");
    return routes.build();
  }

  private static Listener listener() {
    var manager = HttpConnectionManager.newBuilder().setStatPrefix("web");
    manager
        .getRdsBuilder()
        .setRouteConfigName("r")
        .getConfigSourceBuilder()
        .setAds(AggregatedConfigSource.getDefaultInstance())
        .setResourceApiVersion(ApiVersion.V3);
    manager
        .addHttpFiltersBuilder()
        .setName("router")
        .setTypedConfig(Any.pack(Router.getDefaultInstance()));
    var filter = Filter.newBuilder().setName("http").setTypedConfig(Any.pack(manager.build()));
    return Xds.listener("web", "none").toBuilder()
        .clearFilterChains()
        .addFilterChains(FilterChain.newBuilder().addFilters(filter))
        .build();
  }
}
