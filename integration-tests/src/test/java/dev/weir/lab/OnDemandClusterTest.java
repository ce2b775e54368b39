package dev.weir.lab;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.service.cluster.v3.ClusterDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Clusters that are asked for when a connection wants them (ODCDS). Weir and Envoy have to ask the
/// control plane for the same, and to do and count the same with its answers.
class OnDemandClusterTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /// Knows the cluster `there`; says that `missing` is none; never answers for `slow`.
  private static final class Plane
      extends ClusterDiscoveryServiceGrpc.ClusterDiscoveryServiceImplBase {
    private final int backend;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    Plane(int backend) {
      this.backend = backend;
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaClusters(
        StreamObserver<DeltaDiscoveryResponse> out) {
      return conversation(out);
    }

    /// The same over ADS.
    BindableService aggregated() {
      return new AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase() {
        @Override
        public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> out) {
          return conversation(out);
        }
      };
    }

    private StreamObserver<DeltaDiscoveryRequest> conversation(
        StreamObserver<DeltaDiscoveryResponse> out) {
      return new StreamObserver<>() {
        @Override
        public void onNext(DeltaDiscoveryRequest request) {
          for (var name : request.getResourceNamesSubscribeList()) {
            asked.add(name);
            answer(name, out);
          }
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {
          out.onCompleted();
        }
      };
    }

    private void answer(String name, StreamObserver<DeltaDiscoveryResponse> out) {
      var response =
          DeltaDiscoveryResponse.newBuilder()
              .setTypeUrl("type.googleapis.com/envoy.config.cluster.v3.Cluster")
              .setNonce("n-" + name)
              .setSystemVersionInfo("1");
      switch (name) {
        case "there", "there-by-ads" ->
            response.addResources(
                Resource.newBuilder()
                    .setName(name)
                    .setVersion("1")
                    .setResource(Any.pack(cluster(name))));
        case "missing", "missing-by-ads" -> response.addRemovedResources(name);
        default -> {
          return;
        }
      }
      out.onNext(response.build());
    }

    private Cluster cluster(String name) {
      var cluster = Cluster.newBuilder().setName(name);
      cluster.setConnectTimeout(Duration.newBuilder().setSeconds(5));
      cluster
          .getLoadAssignmentBuilder()
          .setClusterName(name)
          .addEndpointsBuilder()
          .addLbEndpointsBuilder()
          .getEndpointBuilder()
          .getAddressBuilder()
          .getSocketAddressBuilder()
          .setAddress("127.0.0.1")
          .setPortValue(backend);
      return cluster.build();
    }
  }

  @Test
  void clustersAreAskedForAsByEnvoy() throws IOException {
    assertEquals(observe(ProxyKind.ENVOY), observe(ProxyKind.WEIR));
  }

  private static final String BY_ADS = "ads: {}";

  private static final String BY_ITSELF =
      """
      api_config_source:
          api_type: DELTA_GRPC
          transport_api_version: V3
          grpc_services: [{ envoy_grpc: { cluster_name: plane } }]\
      """;

  private static final String LOG =
      " %RESPONSE_FLAGS% %BYTES_SENT% %UPSTREAM_CLUSTER% %UPSTREAM_REQUEST_ATTEMPT_COUNT%"
          + " %DOWNSTREAM_LOCAL_CLOSE_REASON%";

  private static String tcpProxy(String cluster) {
    return """
    cluster: %s
    on_demand:
      timeout: %s
      odcds_config:
        resource_api_version: V3
        %s
    %s\
    """
        .formatted(
            cluster,
            cluster.equals("slow") ? "0.5s" : "20s",
            cluster.endsWith("by-ads") ? BY_ADS : BY_ITSELF.indent(4).strip(),
            Bootstraps.accessLog(cluster + LOG));
  }

  private static String observe(ProxyKind kind) throws IOException {
    try (var one = Echo.start("one", ANY)) {
      var plane = new Plane(one.port());
      Server server =
          NettyServerBuilder.forAddress(ANY)
              .addService(plane)
              .addService(plane.aggregated())
              .build()
              .start();
      try {
        return observe(kind, plane, server.getPort());
      } finally {
        server.shutdownNow();
      }
    }
  }

  private static String observe(ProxyKind kind, Plane plane, int port) throws IOException {
    var listeners =
        Stream.of("there", "missing", "slow", "there-by-ads", "missing-by-ads")
            .map(it -> Bootstraps.listener(it, tcpProxy(it)));
    var http2 =
        """
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config: { http2_protocol_options: {} }
        """;
    var clusters = Stream.of(Bootstraps.cluster("plane", port) + http2);
    var bootstrap =
        """
        node: { id: gateway-1, cluster: gateways }
        dynamic_resources:
          ads_config:
            api_type: DELTA_GRPC
            transport_api_version: V3
            grpc_services: [{ envoy_grpc: { cluster_name: plane } }]
        """
            + Bootstraps.of(listeners, clusters);
    try (var proxy = Proxy.start(kind, bootstrap)) {
      var seen = new ArrayList<String>();
      // The missing one is asked for once, and not first: Envoy does not ask again, and may
      // miss an answer that comes while its stream begins.
      for (var name :
          List.of(
              "there",
              "missing",
              "slow",
              "there",
              "slow",
              "there-by-ads",
              "missing-by-ads",
              "there-by-ads")) {
        // A FIN or a RST, depending on whether the line was read before the end.
        seen.add(Peer.ask(proxy.port(name), "hello").replaceAll("EOF|RST", "closed"));
      }
      proxy.awaitStat("cluster.there.upstream_cx_destroy", 2);
      var counters = new TreeMap<>(proxy.stats());
      counters.values().removeIf(it -> it == 0);
      counters
          .keySet()
          .removeIf(it -> !it.matches("tcp\\..*|cluster_manager\\.(cluster|active).*"));
      proxy.stop();
      return seen
          + "\nasked "
          + plane.asked.stream().sorted().toList()
          + "\n"
          + proxy.output().stream().sorted().collect(joining("\n"))
          + counters.entrySet().stream().map(it -> "\n" + it).collect(joining());
    }
  }
}
