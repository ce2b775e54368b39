package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
  void aBadRouteConfigurationIsRefusedWithItsPathAndTheFormerServesOn() throws IOException {
    push(listener(), routes("one"));
    try (var client = Peer.connect(proxy.port("web"))) {
      assertEquals("one", ask(client));
      var bad = bad();
      int refused = 0;
      for (var entry : bad.entrySet()) {
        push(listener(), entry.getValue());
        proxy.awaitStat("http.web.rds.r.update_rejected", ++refused);
        var reason = nextRefusal();
        assertTrue(reason.contains(entry.getKey()), () -> entry.getKey() + " is not in " + reason);
        assertEquals("one", ask(client));
      }
      push(listener(), routes("two"));
      Await.until("the next good one", () -> ask(client), "two"::equals);
    }
  }

  /// Bad routes by where they are wrong.
  private static Map<String, RouteConfiguration> bad() {
    var bad = new TreeMap<String, RouteConfiguration>();
    var regex = routes("two").toBuilder();
    route(regex).getMatchBuilder().getSafeRegexBuilder().setRegex("(");
    bad.put("virtual_hosts[0].routes[0].match.safe_regex.regex", regex.build());
    var rule = routes("two").toBuilder();
    route(rule).getDirectResponseBuilder().setStatus(99);
    bad.put("virtual_hosts[0].routes[0].direct_response.status", rule.build());
    var twice = routes("two").toBuilder();
    twice.addVirtualHosts(twice.getVirtualHosts(0));
    bad.put("virtual_hosts[1]: Only a single wildcard domain", twice.build());
    var missing = routes("two").toBuilder();
    missing.setValidateClusters(BoolValue.of(true));
    route(missing).getRouteBuilder().setCluster("missing");
    bad.put("virtual_hosts[0].routes[0].route.cluster: route: unknown cluster", missing.build());
    var discovered = routes("two").toBuilder();
    discovered
        .getVhdsBuilder()
        .getConfigSourceBuilder()
        .setAds(AggregatedConfigSource.getDefaultInstance());
    bad.put("vhds: not supported", discovered.build());
    return bad;
  }

  private static Route.Builder route(RouteConfiguration.Builder routes) {
    return routes.getVirtualHostsBuilder(0).getRoutesBuilder(0);
  }

  private String nextRefusal() {
    try {
      while (true) {
        var event = events.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
          throw new AssertionError("no refusal came");
        }
        if (event instanceof XdsEvent.Rejected(_, _, _, var reason)) {
          return reason;
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void twoListenersShareTheirRoutesWhichStayWhenTheyAreTakenAway() throws IOException {
    push(listener(), listener("web2"), routes("one"));
    try (var one = Peer.connect(proxy.port("web"));
        var two = Peer.connect(proxy.port("web2"))) {
      assertEquals("one one", ask(one) + " " + ask(two));
      push(listener(), listener("web2"), routes("two"));
      Await.until("the new routes", () -> ask(one) + " " + ask(two), "two two"::equals);
      push(listener(), listener("web2"), listener("web3"));
      proxy.awaitStat("listener_manager.listener_added", 3);
      assertEquals("two two", ask(one) + " " + ask(two));
      push(listener());
      Await.until("the others are gone", () -> proxy.ports().size() == 1);
      assertEquals("two", ask(one));
    }
  }

  @Test
  void routesMayNameClustersThatComeLaterUnlessTheyAreValidated() throws IOException {
    var routes = routes("").toBuilder();
    route(routes).getRouteBuilder().setCluster("later");
    push(listener(), routes.build());
    try (var client = Peer.connect(proxy.port("web"))) {
      client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      assertEquals("HTTP/1.1 503 Service Unavailable", client.line().strip());
    }
    push(listener(), routes.setValidateClusters(BoolValue.of(true)).build());
    proxy.awaitStat("http.web.rds.r.update_rejected", 1);
    var accepted = routes.build();
    push(listener(), Xds.cluster("later", "later"), Xds.endpoints("later"), accepted);
    proxy.awaitStat("cluster_manager.cluster_added", 2);
    push(
        listener(),
        Xds.cluster("later", "later"),
        Xds.endpoints("later"),
        accepted.toBuilder().addInternalOnlyHeaders("x-other").build());
    proxy.awaitStat("http.web.rds.r.config_reload", 2);
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
    return listener("web");
  }

  private static Listener listener(String name) {
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
    return Xds.listener(name, "none").toBuilder()
        .clearFilterChains()
        .addFilterChains(FilterChain.newBuilder().addFilters(filter))
        .build();
  }
}
