package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Configuration in spellings that Envoy has given up (`idle_timeout: 1h`, a router without
/// `typed_config`): it serves, and a warning says where it stands, in the start configuration and
/// in a file of its own.
class FormerSpellingTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String HOUR = "cluster: c\nidle_timeout: 1h\n";
  private static final String ROUTER =
      """
      - name: web
        address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
        filter_chains:
        - filters:
          - name: envoy.filters.network.http_connection_manager
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: web
              route_config:
                virtual_hosts:
                - name: all
                  domains: ["*"]
                  routes: [{ match: { prefix: / }, direct_response: { status: 204 } }]
              http_filters:
              - name: envoy.filters.http.router
      """;

  @TempDir private Path folder;

  @Test
  void isUnderstoodAndToldOf() throws IOException {
    var file = Files.writeString(folder.resolve("lds.yaml"), "resources:\n" + dynamic());
    try (var one = Echo.start("one", ANY);
        var proxy = Proxy.start(ProxyKind.WEIR, bootstrap(one.port(), file))) {
      assertEquals("one hello", Peer.ask(proxy.port("static"), "hello"));
      assertEquals("one hello", Peer.ask(proxy.port("dynamic"), "hello"));
      try (var peer = Peer.connect(proxy.port("web"))) {
        assertEquals(
            "HTTP/1.1 204 No Content", peer.ask("GET / HTTP/1.1\r\nhost: x\r\n\r").strip());
      }
      var log = proxy.errors();
      assertSays(log, "static_resources.listeners[0]", ".idle_timeout: '1h' is read as 3600s");
      assertSays(log, "in " + file + ", resources[0]", ".idle_timeout: '1h' is read as 3600s");
      assertSays(log, "lds: web: ", ".http_filters[0].typed_config: is missing; the defaults");
      assertSays(log, "static listener web2: ", ".http_filters[0].typed_config: is missing;");
      assertTrue(proxy.get("/config_dump").contains(".typed_config: is missing; the defaults"));
    }
  }

  private static void assertSays(String log, String where, String what) {
    assertTrue(
        log.lines()
            .anyMatch(it -> it.contains("[warning]") && it.contains(where) && it.contains(what)),
        () -> where + " … " + what + "\n" + log);
  }

  private static String dynamic() {
    var type = "- \"@type\": type.googleapis.com/envoy.config.listener.v3.Listener\n  ";
    return (Bootstraps.listener("dynamic", HOUR) + ROUTER).replaceAll("(?m)^- ", type);
  }

  private static String bootstrap(int port, Path file) {
    return """
    node: { id: gateway-1, cluster: gateways }
    dynamic_resources:
      lds_config: { path_config_source: { path: "%s" } }
    """
            .formatted(file)
        + Bootstraps.of(
            Stream.of(
                Bootstraps.listener("static", HOUR), ROUTER.replace("name: web", "name: web2")),
            Stream.of(Bootstraps.cluster("c", port)));
  }
}
