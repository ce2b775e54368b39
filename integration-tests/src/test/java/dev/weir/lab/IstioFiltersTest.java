package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What istiod puts into every gateway's chains, and only Istio's own proxies know: with the
/// configuration as istiod writes it.
class IstioFiltersTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final String BOOTSTRAP =
      """
      node:
        id: router~127.0.0.1~ingress-0.istio-system~istio-system.svc.cluster.local
        cluster: istio-ingressgateway
        metadata:
          WORKLOAD_NAME: ingress
          NAMESPACE: istio-system
          CLUSTER_ID: Kubernetes
          ISTIO_VERSION: 1.31.0
          LABELS:
            app: ingress-app
            service.istio.io/canonical-name: ingress-service
            service.istio.io/canonical-revision: latest
      static_resources:
        listeners:
        - name: tcp
          address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
          traffic_direction: OUTBOUND
          filter_chains:
          - filters:
            - name: istio.stats
              typed_config:
                "@type": type.googleapis.com/stats.PluginConfig
                disable_host_header_fallback: true
                tcp_reporting_duration: 0.2s
            - name: envoy.filters.network.tcp_proxy
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                stat_prefix: tcp
                cluster: lines
        - name: http
          address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
          traffic_direction: OUTBOUND
          filter_chains:
          - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: http
                route_config:
                  virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes:
                    - match: { prefix: /nowhere }
                      route: { cluster: nowhere }
                    - match: { prefix: /mesh }
                      route: { cluster: mesh }
                    - match: { prefix: /outside }
                      route: { cluster: outside }
                    - match: { prefix: /some }
                      route: { cluster: web }
                http_filters:
                - name: istio.metadata_exchange
                  typed_config:
                    "@type": type.googleapis.com/udpa.type.v1.TypedStruct
                    type_url: type.googleapis.com/io.istio.http.peer_metadata.Config
                    value:
                      upstream_discovery: [{ istio_headers: {} }, { workload_discovery: {} }]
                      upstream_propagation: [{ istio_headers: {} }]
                - name: istio.alpn
                  typed_config:
                    "@type": type.googleapis.com/istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig
                    alpn_override:
                    - alpn_override: [istio-http/1.0, istio, http/1.0]
                    - upstream_protocol: HTTP11
                      alpn_override: [istio-http/1.1, istio, http/1.1]
                    - upstream_protocol: HTTP2
                      alpn_override: [istio-h2, istio, h2]
                - name: istio.stats
                  typed_config:
                    "@type": type.googleapis.com/stats.PluginConfig
                    disable_host_header_fallback: true
                    metrics:
                    - name: requests_total
                      dimensions:
                        request_host: request.host
                        source_app: "'someone'"
                        weird: "a + b"
                        class: "response.code >= 400 ? 'bad' : 'good'"
                      tags_to_remove: [source_version]
                    - name: response_bytes
                      drop: true
                - name: envoy.filters.http.router
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
        clusters:
        - name: lines
          type: STATIC
          metadata: &services
            filter_metadata:
              istio:
                services:
                - { host: echo.shop.svc.cluster.local, name: echo, namespace: shop }
          load_assignment:
            cluster_name: lines
            endpoints:
            - lb_endpoints:
              - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: LINES } } }
                metadata: &workload
                  filter_metadata: { istio: { workload: "echo-v1;shop;echo;v1;Kubernetes" } }
        - name: web
          type: STATIC
          metadata: *services
          load_assignment:
            cluster_name: web
            endpoints:
            - lb_endpoints:
              - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: WEB } } }
                metadata: *workload
        - name: nowhere
          type: STATIC
        - name: mesh
          type: STATIC
          load_assignment: &tls
            cluster_name: mesh
            endpoints:
            - lb_endpoints:
              - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: TLS } } }
          transport_socket: &socket
            name: envoy.transport_sockets.tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
              common_tls_context: { alpn_protocols: [istio-peer-exchange, istio] }
        - name: outside
          type: STATIC
          metadata: { filter_metadata: { istio: { alpn_override: "false" } } }
          load_assignment: *tls
          transport_socket: *socket
      """;

  private final Echo lines;
  private final HttpEcho web;
  private final Offered tls;
  private final Proxy proxy;

  IstioFiltersTest(@TempDir Path folder) throws IOException, GeneralSecurityException {
    lines = Echo.start("one", ANY);
    web = HttpEcho.start();
    tls = new Offered(new Pki(folder));
    proxy =
        Proxy.start(
            ProxyKind.WEIR,
            BOOTSTRAP
                .replace("LINES", Integer.toString(lines.port()))
                .replace("WEB", Integer.toString(web.port()))
                .replace("TLS", Integer.toString(tls.socket.getLocalPort())));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    lines.close();
    web.close();
    tls.close();
  }

  @Test
  void connectionsAndRequestsAreReportedAsIstiosProxyReportsThem() throws Exception {
    try (var client = Peer.connect(proxy.port("tcp"))) {
      assertEquals("one hello", client.ask("hello"));
      awaitSample("istio_tcp_received_bytes_total", 6); // while it lasts
      awaitSample("istio_tcp_sent_bytes_total", 10);
      assertTrue(samples("istio_tcp_connections_closed_total").isEmpty());
    }
    awaitSample("istio_tcp_connections_closed_total", 1);
    assertEquals(
        "istio_tcp_connections_opened_total{reporter=\"source\",source_workload=\"ingress\","
            + "source_canonical_service=\"ingress-service\","
            + "source_canonical_revision=\"latest\","
            + "source_workload_namespace=\"istio-system\",source_principal=\"unknown\","
            + "source_app=\"ingress-app\",source_version=\"\",source_cluster=\"Kubernetes\","
            + "destination_workload=\"echo-v1\",destination_workload_namespace=\"shop\","
            + "destination_principal=\"unknown\",destination_app=\"unknown\","
            + "destination_version=\"unknown\","
            + "destination_service=\"echo.shop.svc.cluster.local\","
            + "destination_canonical_service=\"echo\",destination_canonical_revision=\"v1\","
            + "destination_service_name=\"echo\",destination_service_namespace=\"shop\","
            + "destination_cluster=\"Kubernetes\",request_protocol=\"tcp\",response_flags=\"-\","
            + "connection_security_policy=\"unknown\"} 1",
        samples("istio_tcp_connections_opened_total").getFirst());
    assertEquals(
        List.of("istio_build{component=\"proxy\",tag=\"1.31.0\"} 1"), samples("istio_build"));

    assertTrue(ask("/some", "").contains("/some HTTP/1.1"));
    awaitSample("istio_requests_total", 1);
    var request = samples("istio_requests_total").getFirst();
    assertTrue(request.contains("request_protocol=\"http\",response_code=\"200\","), request);
    assertTrue(request.contains("grpc_response_status=\"\",response_flags=\"-\","), request);
    assertTrue(request.contains("source_app=\"someone\""), request);
    assertFalse(request.contains("source_version"), request);
    assertTrue(
        request.contains(
            "connection_security_policy=\"unknown\",class=\"good\","
                + "request_host=\"shop.example\",weird=\"unknown\"} 1"),
        request);
    assertTrue(samples("istio_response_bytes_count").isEmpty());
    assertTrue(
        samples("istio_request_bytes_count").getFirst().contains("source_app=\"ingress-app\""));
    assertEquals(1, samples("istio_request_duration_milliseconds_count").size());

    ask("/nowhere", "");
    Await.until(
        "a request that went nowhere",
        () -> samples("istio_requests_total").toString(),
        it -> it.contains("response_code=\"503\"") && it.contains("response_flags=\"UH\""));
    ask("/", "");
    Await.until(
        "a request without a route",
        () -> samples("istio_requests_total").toString(),
        it ->
            it.contains("destination_service=\"unknown\"")
                && it.contains("response_code=\"404\"")
                && it.contains("response_flags=\"NR\""));
  }

  @Test
  void hostsInTheMeshSeeByAlpnWhatIsSpokenAndNobodySaysWhoHeIs() throws Exception {
    ask("/mesh", "");
    assertEquals(List.of("istio-http/1.1", "istio", "http/1.1"), tls.next());
    ask("/outside", "");
    assertEquals(List.of("istio"), tls.next(), "what the cluster's TLS says");
    var seen = ask("/some", "x-envoy-peer-metadata: abc\r\nx-envoy-peer-metadata-id: router~1\r\n");
    assertFalse(seen.contains("peer-metadata"), seen);
  }

  private String ask(String path, String headers) throws IOException {
    try (var client = Peer.connect(proxy.port("http"))) {
      client.send(
          "GET %s HTTP/1.1\r\nhost: shop.example\r\n%sconnection: close\r\n\r\n"
              .formatted(path, headers));
      return new String(client.rest(), StandardCharsets.ISO_8859_1);
    }
  }

  private void awaitSample(String metric, long value) {
    Await.until(
        metric,
        () -> samples(metric),
        it -> it.stream().anyMatch(one -> one.endsWith(" " + value)));
  }

  private List<String> samples(String metric) throws IOException {
    return proxy
        .get("/stats/prometheus")
        .lines()
        .filter(it -> it.startsWith(metric + "{"))
        .toList();
  }

  /// A host that notes what clients offer by ALPN, and answers each request with 204.
  private static final class Offered implements AutoCloseable {
    private final SSLServerSocket socket;
    private final BlockingQueue<List<String>> offers = new LinkedBlockingQueue<>();

    Offered(Pki pki) throws IOException, GeneralSecurityException {
      var context = SSLContext.getInstance("TLS");
      var identity = pki.make("host", Pki.Wish.of(null, "DNS:host"));
      context.init(identity.keyManagers().getKeyManagers(), null, null);
      this.socket =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.startVirtualThread(this::accept);
    }

    List<String> next() throws InterruptedException {
      return offers.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private void accept() {
      while (!socket.isClosed()) {
        try (var client = (SSLSocket) socket.accept()) {
          client.setHandshakeApplicationProtocolSelector((_, offered) -> {
            offers.add(List.copyOf(offered));
            return offered.getLast();
          });
          var in =
              new BufferedReader(
                  new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
          while (!in.readLine().isEmpty()) {
            // The head of the request.
          }
          client
              .getOutputStream()
              .write(
                  "HTTP/1.1 204 X\r\nconnection: close\r\n\r\n"
                      .getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException _) {
          // The next one may come.
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
