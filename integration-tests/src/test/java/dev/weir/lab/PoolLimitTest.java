package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `max_connection_pools`: a request for a host that has no pool yet is turned away as long as
/// another host's pool is there, in use or not. Seen of Envoy, and expected of both.
class PoolLimitTest {
  private static final String CLUSTER =
      """
      - name: hosts
        circuit_breakers: { thresholds: [{ max_connection_pools: 1, track_remaining: true }] }
        load_assignment:
          cluster_name: hosts
          endpoints:
          - lb_endpoints:
            - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: PORT } } }
            - endpoint: { address: { socket_address: { address: 127.0.0.2, port_value: PORT } } }
      """;

  private static final String REQUEST = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
  private static final String ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

  @ParameterizedTest
  @EnumSource(names = {"WEIR", "ENVOY"})
  void aPoolKeepsThoseOfOtherHostsFromBeingMade(ProxyKind kind) throws IOException {
    try (var hosts = Backend.everywhere()) {
      var bootstrap =
          Bootstraps.of(
              Stream.of(Bootstraps.web("http", "route: { cluster: hosts }")),
              Stream.of(CLUSTER.replace("PORT", Integer.toString(hosts.port()))));
      try (var proxy = Proxy.start(kind, bootstrap);
          var first = Peer.connect(proxy.port("http"));
          var second = Peer.connect(proxy.port("http"))) {
        first.send(REQUEST);
        try (var host = hosts.accept()) {
          proxy.awaitStat("cluster.hosts.circuit_breakers.default.cx_pool_open", 1);
          proxy.awaitStat("cluster.hosts.circuit_breakers.default.remaining_cx_pools", 0);
          second.send(REQUEST);
          assertEquals("HTTP/1.1 503 Service Unavailable\r", second.line());
          proxy.awaitStat("cluster.hosts.upstream_cx_pool_overflow", 1);
          answer(host);
          assertEquals("HTTP/1.1 200 OK\r", first.line());
          proxy.awaitStat("cluster.hosts.upstream_rq_active", 0);
          // Turn by turn: the next one is for the host that has the pool, the one after is not.
          first.send(REQUEST);
          answer(host);
          assertEquals("HTTP/1.1 200 OK\r", status(first));
          proxy.awaitStat("cluster.hosts.upstream_rq_active", 0);
          first.send(REQUEST);
          assertEquals("HTTP/1.1 503 Service Unavailable\r", status(first));
        }
        proxy.awaitStat("cluster.hosts.upstream_cx_pool_overflow", 2);
        proxy.awaitStat("cluster.hosts.upstream_cx_total", 1);
      }
    }
  }

  /// Answers the next request of a connection, once it is there.
  private static void answer(Peer host) throws IOException {
    var line = host.line();
    while (!line.equals("\r")) {
      line = host.line();
    }
    host.send(ANSWER);
  }

  /// Reads on until the next answer begins.
  private static String status(Peer client) throws IOException {
    var line = client.line();
    while (!line.startsWith("HTTP/")) {
      line = client.line();
    }
    return line;
  }
}
