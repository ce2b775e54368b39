package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.rbac.v3.RBAC.Action;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.wasm.v3.Wasm;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Filters whose configuration a control plane pushes by itself: over the aggregated stream and
/// over one of their own, in both forms of the protocol.
class FilterDiscoveryTest {
  private static final String WASM = "envoy.extensions.filters.http.wasm.v3.Wasm";

  @ParameterizedTest
  @EnumSource
  void aListenerWaitsForItsFilterAndIsNotDrainedWhenThatChanges(XdsMode mode) throws Exception {
    try (var plane = ExtensionPlane.start();
        var proxy = Proxy.start(ProxyKind.WEIR, mode.bootstrap(plane.port()))) {
      plane.put(tcp("tcp", "ads: {}"));
      proxy.awaitStat("listener_manager.total_listeners_warming", 1);
      plane.put("rules", rules(Action.ALLOW));
      try (var before = Peer.connect(proxy.port("tcp"))) {
        assertEquals("before", before.ask("before"));
        plane.put("rules", rules(Action.DENY));
        proxy.awaitStat("extension_config_discovery.network_filter.rules.config_reload", 2);
        assertEquals(Peer.EOF, refused(proxy.port("tcp")));
        assertEquals("after", before.ask("after"));
        refusedAndKept(plane, proxy);
        removed(mode, plane, proxy);
        assertEquals("still", before.ask("still"));
      }
    }
  }

  /// A push that nobody can use is refused with the name of the filter; the former one serves on.
  private static void refusedAndKept(ExtensionPlane plane, Proxy proxy) throws Exception {
    plane.put("rules", HeaderMutation.getDefaultInstance());
    var refusal = plane.refusals().poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    assertEquals(
        "rules: Error: filter config has type URL"
            + " envoy.extensions.filters.http.header_mutation.v3.HeaderMutation but expect"
            + " envoy.extensions.filters.network.rbac.v3.RBAC.",
        refusal);
    assertEquals(Peer.EOF, refused(proxy.port("tcp")));
    assertTrue(proxy.get("/config_dump").contains("\"ecds_filters\""));
  }

  /// Only the incremental form has words for that it is gone.
  private static void removed(XdsMode mode, ExtensionPlane plane, Proxy proxy) throws IOException {
    if (mode == XdsMode.DELTA) {
      plane.remove("rules");
      proxy.awaitStat("extension_config_discovery.network_filter.rules.config_reload", 3);
      assertEquals(Peer.EOF, refused(proxy.port("tcp")));
      var missing = "network_extension_config_missing";
      assertEquals(1, count(proxy, missing));
    }
    plane.put("rules", rules(Action.ALLOW));
    Await.until("the filter is back", () -> Peer.ask(proxy.port("tcp"), "x"), "x"::equals);
  }

  private static long count(Proxy proxy, String end) throws IOException {
    return proxy.stats().entrySet().stream()
        .filter(it -> it.getKey().startsWith("listener.") && it.getKey().endsWith("." + end))
        .mapToLong(it -> it.getValue())
        .sum();
  }

  @ParameterizedTest
  @EnumSource
  void aStreamOfItsOwnSuppliesIt(XdsMode mode) throws Exception {
    var type = mode == XdsMode.SOTW ? "GRPC" : "DELTA_GRPC";
    var source =
        "api_config_source: {api_type: "
            + type
            + ", transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name:"
            + " control-plane}}]}";
    try (var plane = ExtensionPlane.start();
        var proxy = Proxy.start(ProxyKind.WEIR, mode.bootstrap(plane.port()))) {
      plane.put("rules", rules(Action.DENY));
      plane.put(tcp("tcp", source));
      assertEquals(Peer.EOF, refused(proxy.port("tcp")));
      plane.put("rules", rules(Action.ALLOW));
      Await.until("the other rules", () -> Peer.ask(proxy.port("tcp"), "x"), "x"::equals);
    }
  }

  @Test
  void aFilterInWasmIsRefusedByNameUnlessItMayFail() throws Exception {
    try (var plane = ExtensionPlane.start();
        var proxy = Proxy.start(ProxyKind.WEIR, XdsMode.DELTA.bootstrap(plane.port()))) {
      plane.put(web());
      plane.put("plugin", wasm("fail_open: false"));
      var refusal = plane.refusals().poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
      assertEquals("plugin: typed_config: HTTP filter " + WASM + " is not supported", refusal);
      assertEquals("HTTP/1.1 500 Internal Server Error\r", status(proxy));
      plane.put("plugin", wasm("fail_open: true"));
      Await.until("the plugin is left out", () -> status(proxy), "HTTP/1.1 200 OK\r"::equals);
    }
  }

  private static String status(Proxy proxy) throws IOException {
    return Peer.ask(proxy.port("web"), "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r");
  }

  /// The end of a connection that may not come in, whichever way the kernel tells it.
  private static String refused(int port) throws IOException {
    return Peer.ask(port, "x").replace(Peer.RST, Peer.EOF);
  }

  private static Message rules(Action action) {
    var rules = RBAC.newBuilder().setStatPrefix("r");
    var policy =
        io.envoyproxy.envoy.config.rbac.v3.Policy.newBuilder()
            .addPermissions(io.envoyproxy.envoy.config.rbac.v3.Permission.newBuilder().setAny(true))
            .addPrincipals(io.envoyproxy.envoy.config.rbac.v3.Principal.newBuilder().setAny(true));
    rules.getRulesBuilder().setAction(action).putPolicies("p", policy.build());
    return rules.build();
  }

  private static Message wasm(String config) throws Exception {
    return WireText.parse(
            "config: {" + config + "}",
            WireFormat.YAML,
            Wasm.getDefaultInstance(),
            OnUnknown.REJECT)
        .message();
  }

  private static Listener tcp(String name, String source) throws Exception {
    return listener(
        """
        name: %s
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        filter_chains:
        - filters:
          - name: rules
            config_discovery:
              config_source: {%s, resource_api_version: V3}
              type_urls: [type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC]
          - name: echo
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}
        """
            .formatted(name, source));
  }

  private static Listener web() throws Exception {
    return listener(
        """
        name: web
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        filter_chains:
        - filters:
          - name: http
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: web
              route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}]}
              http_filters:
              - name: plugin
                config_discovery:
                  config_source: {ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3}
                  type_urls: [type.googleapis.com/%s, type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC]
              - name: router
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
        """
            .formatted(WASM));
  }

  private static Listener listener(String yaml) throws Exception {
    return WireText.parse(yaml, WireFormat.YAML, Listener.getDefaultInstance(), OnUnknown.REJECT)
        .message();
  }
}
