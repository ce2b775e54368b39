package dev.weir.tcpproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.Address;
import dev.weir.config.CircuitBreakersConfig;
import dev.weir.config.CircuitBreakersConfig.Thresholds;
import dev.weir.config.ClusterConfig;
import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.config.ClusterConfig.UpstreamConfig;
import dev.weir.config.EndpointsConfig;
import dev.weir.config.EndpointsConfig.EndpointConfig;
import dev.weir.config.EndpointsConfig.HealthCheckAddress;
import dev.weir.config.EndpointsConfig.HealthStatus;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.EndpointsConfig.LocalityEndpoints;
import dev.weir.config.FilterChainMatch;
import dev.weir.config.HealthConfig;
import dev.weir.config.Metadata;
import dev.weir.config.OpenConnections;
import dev.weir.config.OpenConnections.Fate;
import dev.weir.config.OutlierDetectionConfig;
import dev.weir.config.OutlierDetectionConfig.Consecutive;
import dev.weir.config.OutlierDetectionConfig.Ejection;
import dev.weir.config.OutlierDetectionConfig.FailurePercentage;
import dev.weir.config.OutlierDetectionConfig.SuccessRate;
import dev.weir.listener.Configs;
import dev.weir.listener.ProxyFixture;
import dev.weir.listener.Upstream;
import dev.weir.transport.ManualClock;
import dev.weir.xds.ConfigSource;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of open connections when their host is lost, and of new ones when it is full.
class LostHostTest {
  private static final Fate KEEP = new Fate.Keep();
  private static final Fate CLOSE = new Fate.Close();
  private static final Fate DRAIN = new Fate.Drain(Duration.ofSeconds(10));
  private static final String CLOSED = "cluster.up.upstream_cx_closed.";

  private final ManualClock clock = new ManualClock();
  private final Upstream up = Upstream.listen();
  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void closeSockets() throws IOException {
    for (var socket : sockets) {
      socket.close();
    }
    up.close();
  }

  private static HealthConfig health(Fate removed, Fate unhealthy) {
    return new HealthConfig(List.of(), null, false, false, new OpenConnections(removed, unhealthy));
  }

  /// Ejects a host for its first failure.
  private static HealthConfig ejecting(boolean closes, Fate unhealthy) {
    var outlier =
        new OutlierDetectionConfig(
            new Ejection(
                Duration.ofDays(1),
                Duration.ofDays(1),
                Duration.ofDays(1),
                Duration.ZERO,
                100,
                false),
            new Consecutive(1, 100),
            new Consecutive(0, 0),
            new Consecutive(0, 0),
            new SuccessRate(5, 100, 1900, 0, 0),
            new FailurePercentage(85, 5, 50, 0, 0),
            false,
            true,
            false);
    return new HealthConfig(
        List.of(), outlier, false, closes, new OpenConnections(KEEP, unhealthy));
  }

  private ProxyFixture proxy(HealthConfig health) {
    return proxy(health, CircuitBreakersConfig.DEFAULT);
  }

  private ProxyFixture proxy(HealthConfig health, CircuitBreakersConfig breakers) {
    var plain = Configs.cluster(1 << 20, Duration.ofSeconds(5));
    var upstream = plain.upstream();
    var config =
        new ClusterConfig(
            "up",
            "up",
            new Discovery.Eds(new ConfigSource.Ads(Duration.ofSeconds(15)), "up"),
            plain.lb(),
            health,
            new UpstreamConfig(
                upstream.connectTimeout(),
                upstream.bufferLimit(),
                breakers,
                upstream.transportSocket(),
                upstream.socket(),
                upstream.sources(),
                upstream.happyEyeballs()),
            plain.http(),
            plain.metadata());
    var listener = Configs.listener(Configs.chain(FilterChainMatch.ANY, Configs.tcpProxy()));
    return ProxyFixture.start(clock, listener).with(config, endpoints(HealthStatus.UNKNOWN));
  }

  /// The host with this status; without one, no host.
  private EndpointsConfig endpoints(HealthStatus... statuses) {
    var endpoints = new ArrayList<EndpointConfig>();
    for (var status : statuses) {
      Address address = up.address();
      endpoints.add(
          new EndpointConfig(
              address, List.of(), "", 1, status, Metadata.NONE, HealthCheckAddress.SAME));
    }
    var locality = new LocalityEndpoints(Locality.NONE, 0, 1, Metadata.NONE, endpoints);
    return new EndpointsConfig("up", List.of(locality), 140, false, Duration.ZERO);
  }

  private void push(ProxyFixture proxy, HealthStatus... statuses) {
    proxy.onMain(() -> {
      proxy.cluster("up").updateEndpoints(endpoints(statuses));
      return null;
    });
  }

  private void eject(ProxyFixture proxy) {
    proxy.cluster("up").table().hosts().getFirst().monitor().connectFailed();
  }

  /// Both ends of a connection through the proxy.
  private record Pair(Socket client, Socket server) {
    boolean passes() throws IOException {
      client.getOutputStream().write('x');
      return server.getInputStream().read() == 'x';
    }

    /// Waits for the end of both.
    void ends() throws IOException {
      assertEquals(-1, client.getInputStream().read());
      assertEquals(-1, server.getInputStream().read());
    }
  }

  private Pair open(ProxyFixture proxy) throws IOException {
    var client = proxy.connect();
    sockets.add(client);
    var server = up.accept();
    sockets.add(server);
    var pair = new Pair(client, server);
    assertTrue(pair.passes());
    return pair;
  }

  @Test
  void connectionsGoOnUnlessItIsSaidOtherwise() throws IOException {
    try (var proxy = proxy(health(KEEP, KEEP))) {
      var pair = open(proxy);
      push(proxy, HealthStatus.UNHEALTHY);
      push(proxy);
      clock.advance(Duration.ofMinutes(1), proxy.loops());
      assertTrue(pair.passes());
    }
  }

  @Test
  void connectionsOfARemovedHostMayBeClosed() throws IOException {
    try (var proxy = proxy(health(CLOSE, KEEP))) {
      var first = open(proxy);
      var second = open(proxy);
      push(proxy, HealthStatus.UNHEALTHY);
      assertTrue(first.passes());
      push(proxy);
      first.ends();
      second.ends();
      proxy.awaitStat(CLOSED + "endpoint_removed", 2);
      proxy.awaitStat("cluster.up.upstream_cx_destroy_local_with_active_rq", 2);
    }
  }

  @Test
  void whatTheHostHasSentIsDeliveredBefore() throws IOException {
    try (var proxy = proxy(health(CLOSE, KEEP))) {
      var pair = open(proxy);
      pair.server.getOutputStream().write("last words".getBytes(StandardCharsets.US_ASCII));
      proxy.awaitStat("cluster.up.upstream_cx_rx_bytes_total", 10);
      push(proxy);
      assertEquals(
          "last words",
          new String(pair.client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void connectionsOfAHostThatDiscoveryCallsUnhealthyMayBeClosed() throws IOException {
    try (var proxy = proxy(health(KEEP, CLOSE))) {
      var pair = open(proxy);
      push(proxy, HealthStatus.DRAINING);
      pair.ends();
      proxy.awaitStat(CLOSED + "eds_status_draining", 1);
    }
  }

  @Test
  void drainingSpreadsThemOverATime() throws IOException {
    try (var proxy = proxy(health(DRAIN, KEEP))) {
      for (int i = 0; i < 10; i++) {
        open(proxy);
      }
      push(proxy);
      for (int second = 1; second <= 10; second++) {
        clock.advance(Duration.ofSeconds(1), proxy.loops());
        long closed = proxy.stat(CLOSED + "endpoint_removed");
        assertTrue(Math.abs(closed - second) <= 1, () -> "about one in a second, not " + closed);
      }
      clock.advance(Duration.ofMillis(10), proxy.loops());
      proxy.awaitStat(CLOSED + "endpoint_removed", 10);
      proxy.awaitStat("cluster.up.upstream_cx_active", 0);
    }
  }

  @Test
  void aHostThatComesBackKeepsWhatIsLeft() throws IOException {
    try (var proxy = proxy(health(KEEP, DRAIN))) {
      for (int i = 0; i < 10; i++) {
        open(proxy);
      }
      push(proxy, HealthStatus.UNHEALTHY);
      clock.advance(Duration.ofSeconds(5), proxy.loops());
      push(proxy, HealthStatus.HEALTHY);
      clock.advance(Duration.ofSeconds(20), proxy.loops());
      long closed = proxy.stat(CLOSED + "failed_eds_health");
      assertTrue(Math.abs(closed - 5) <= 1, () -> "half of them, not " + closed);
      assertEquals(10 - closed, proxy.stat("cluster.up.upstream_cx_active"));
    }
  }

  @Test
  void connectionsOfAnEjectedHostMayBeClosed() throws IOException {
    try (var proxy = proxy(ejecting(true, KEEP))) {
      var pair = open(proxy);
      push(proxy, HealthStatus.UNHEALTHY);
      assertTrue(pair.passes(), "that is discovery's finding");
      eject(proxy);
      pair.ends();
      proxy.awaitStat(CLOSED + "failed_outlier_check", 1);
    }
    try (var proxy = proxy(ejecting(false, CLOSE))) {
      var pair = open(proxy);
      eject(proxy);
      pair.ends();
    }
    try (var proxy = proxy(ejecting(false, KEEP))) {
      var pair = open(proxy);
      eject(proxy);
      proxy.awaitStat("cluster.up.outlier_detection.ejections_active", 1);
      assertTrue(pair.passes());
    }
  }

  @Test
  void failedConnectsEjectTheirHost() throws IOException {
    try (var proxy = proxy(ejecting(false, KEEP))) {
      up.close();
      try (var client = proxy.connect()) {
        assertEquals(-1, client.getInputStream().read());
      }
      proxy.awaitStat("cluster.up.outlier_detection.ejections_enforced_consecutive_5xx", 1);
    }
  }

  @Test
  void aFullHostIsWaitedFor() throws IOException {
    var breakers = new CircuitBreakersConfig(Thresholds.DEFAULT, Thresholds.DEFAULT, 1);
    try (var proxy = proxy(health(KEEP, KEEP), breakers)) {
      var first = open(proxy);
      var second = proxy.connect();
      var third = proxy.connect();
      sockets.addAll(List.of(second, third));
      proxy.awaitStat("cluster.up.upstream_rq_pending_active", 2);
      proxy.awaitStat("cluster.up.upstream_cx_overflow", 2);
      clock.advance(Duration.ofMinutes(1), proxy.loops());
      second.setSoTimeout(1);
      assertThrows(SocketTimeoutException.class, () -> second.getInputStream().read());
      third.close();
      first.client.close();
      first.server.close();
      var server = up.accept();
      sockets.add(server);
      second.setSoTimeout(30_000);
      assertTrue(new Pair(second, server).passes());
      proxy.awaitStat("cluster.up.upstream_cx_total", 2);
    }
  }
}
