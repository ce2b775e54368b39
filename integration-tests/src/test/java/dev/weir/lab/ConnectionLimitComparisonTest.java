package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The limits of the whole server and of single listeners, on Envoy and on Weir.
class ConnectionLimitComparisonTest {

  private static final String BOOTSTRAP =
      """
      overload_manager:
        resource_monitors:
        - name: envoy.resource_monitors.global_downstream_max_connections
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig
            max_active_downstream_connections: 3
      layered_runtime:
        layers:
        - name: static
          static_layer: { envoy.resource_limits.listener.limited.connection_limit: 2 }
      static_resources:
        listeners:
      """;

  private static String listener(String name, String more) {
    return """
      - name: %s
        stat_prefix: %s
        address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
        %s
        filter_chains:
        - filters:
          - name: echo
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo
    """
        .formatted(name, name, more);
  }

  @Test
  void asManyConnectionsAreLetIn() throws IOException {
    assertEquals(observe(ProxyKind.ENVOY), observe(ProxyKind.WEIR));
  }

  private static List<String> observe(ProxyKind kind) throws IOException {
    var bootstrap =
        BOOTSTRAP
            + listener("limited", "")
            + listener("open", "")
            + listener("exempt", "ignore_global_conn_limit: true");
    try (var proxy = Proxy.start(kind, bootstrap)) {
      var ports = proxy.ports();
      var seen = new ArrayList<String>();
      var clients = new ArrayList<Peer>();
      for (var name : List.of("limited", "limited", "limited", "open", "open", "exempt", "open")) {
        var client = Peer.connect(ports.getOrDefault(name, 0));
        clients.add(client);
        seen.add(name + " " + client.ask("hello").replace(Peer.RST, Peer.EOF));
      }
      for (var client : clients) {
        client.close();
      }
      for (var name : List.of("limited", "open", "exempt")) {
        proxy.awaitStat("listener." + name + ".downstream_cx_active", 0);
        var stats = proxy.stats();
        for (var counter :
            List.of(
                "downstream_cx_total", "downstream_cx_overflow", "downstream_global_cx_overflow")) {
          seen.add(name + " " + counter + " " + stats.get("listener." + name + "." + counter));
        }
      }
      seen.add("then " + Peer.ask(ports.getOrDefault("open", 0), "hello"));
      return seen;
    }
  }
}
