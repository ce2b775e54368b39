package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireException;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names that tell whom to ask (xDS-TP): collections of clusters and listeners over ADS, and
/// endpoints from the control plane of their authority. Weir and Envoy have to ask for the same and
/// to make the same of it.
class XdstpComparisonTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String TYPE = "type.googleapis.com/envoy.config.";
  private static final String LISTENER = "xdstp://a/envoy.config.listener.v3.Listener/x/l?n=1";
  private static final String CLUSTER = "xdstp://a/envoy.config.cluster.v3.Cluster/x/c?m=2&n=1";

  /// Answers each subscription with the resources that it was given for that name.
  private static final class Plane
      extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase
      implements AutoCloseable {
    private final Map<String, Resource> answers;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, StreamObserver<DeltaDiscoveryResponse>> streams =
        new ConcurrentHashMap<>();
    private final Server server;

    Plane(Map<String, Resource> answers) throws IOException {
      this.answers = answers;
      server = NettyServerBuilder.forAddress(ANY).addService(this).build().start();
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
        StreamObserver<DeltaDiscoveryResponse> out) {
      return new StreamObserver<>() {
        @Override
        public void onNext(DeltaDiscoveryRequest request) {
          streams.put(request.getTypeUrl(), out);
          for (var name : request.getResourceNamesSubscribeList()) {
            asked.add(name);
            var answer = answers.get(name);
            if (answer != null) {
              out.onNext(response(request.getTypeUrl()).addResources(answer).build());
            }
          }
          if (request.hasErrorDetail()) {
            // Weir says first which resource it is.
            asked.add(request.getErrorDetail().getMessage().replaceFirst(".*: Unexp", "Unexp"));
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

    private static DeltaDiscoveryResponse.Builder response(String typeUrl) {
      return DeltaDiscoveryResponse.newBuilder()
          .setTypeUrl(typeUrl)
          .setNonce("n")
          .setSystemVersionInfo("1");
    }

    void remove(String typeUrl, String name) {
      var stream = streams.get(typeUrl);
      if (stream == null) {
        throw new AssertionError("nobody asked for " + typeUrl);
      }
      stream.onNext(response(typeUrl).addRemovedResources(name).build());
    }

    int port() {
      return server.getPort();
    }

    @Override
    public void close() {
      server.shutdownNow();
    }
  }

  /// The message has to have its name as the cluster spells it, and not in canonical form.
  @ParameterizedTest
  @ValueSource(strings = {"b=2&a=1", "a=1&b=2"})
  void collectionsAndAuthoritiesAreAskedAsByEnvoy(String spelling) throws IOException {
    assertEquals(observe(ProxyKind.ENVOY, spelling), observe(ProxyKind.WEIR, spelling));
  }

  private static List<String> observe(ProxyKind kind, String spelling) throws IOException {
    var endpoints = "xdstp://a/envoy.config.endpoint.v3.ClusterLoadAssignment/e?";
    try (var one = Echo.start("one", ANY);
        var authority =
            new Plane(
                Map.of(
                    endpoints + "a=1&b=2",
                    endpoints(endpoints + "a=1&b=2", endpoints + spelling, one.port())));
        var plane =
            new Plane(
                Map.of(
                    "xdstp://a/envoy.config.cluster.v3.Cluster/x/*?m=2&n=1",
                    cluster(),
                    "xdstp://a/envoy.config.listener.v3.Listener/x/*?n=1",
                    listener()));
        var proxy = Proxy.start(kind, bootstrap(plane.port(), authority.port()))) {
      var seen = new ArrayList<String>();
      // A FIN or a RST, depending on whether the line was read before the end.
      seen.add(Peer.ask(proxy.port(LISTENER), "hello").replaceAll("EOF|RST", "closed"));
      plane.remove(TYPE + "listener.v3.Listener", LISTENER);
      proxy.awaitStat("listener_manager.listener_removed", 1);
      plane.remove(TYPE + "cluster.v3.Cluster", CLUSTER);
      proxy.awaitStat("cluster_manager.cluster_removed", 1);
      seen.add("plane " + plane.asked.stream().sorted().toList());
      seen.add("authority " + authority.asked.stream().sorted().toList());
      return seen;
    }
  }

  private static Resource cluster() {
    return resource(
        CLUSTER,
        """
        name: "%s"
        type: EDS
        eds_cluster_config:
          service_name: xdstp://a/envoy.config.endpoint.v3.ClusterLoadAssignment/e?b=2&a=1
          eds_config: { ads: {}, resource_api_version: V3 }
        """,
        Cluster.getDefaultInstance());
  }

  private static Resource endpoints(String name, String spelling, int port) {
    return resource(
        name,
        """
        cluster_name: "SPELLING"
        endpoints:
        - lb_endpoints:
          - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: PORT } } }
        """
            .replace("SPELLING", spelling)
            .replace("PORT", "" + port),
        ClusterLoadAssignment.getDefaultInstance());
  }

  private static Resource listener() {
    return resource(
        LISTENER,
        """
        name: "%s"
        address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
        filter_chains:
        - filters:
          - name: envoy.filters.network.tcp_proxy
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
              stat_prefix: l
              cluster: CLUSTER
        """
            .replace("CLUSTER", CLUSTER),
        Listener.getDefaultInstance());
  }

  /// @param yaml with a place for the name
  private static Resource resource(String name, String yaml, Message type) {
    try {
      var text = ByteString.copyFromUtf8(yaml.formatted(name));
      var message = WireText.parse(text, WireFormat.YAML, type, OnUnknown.REJECT).message();
      return Resource.newBuilder()
          .setName(name)
          .setVersion("1")
          .setResource(Any.pack(message))
          .build();
    } catch (WireException e) {
      throw new AssertionError(e);
    }
  }

  private static String bootstrap(int plane, int authority) {
    var http2 = "  http2_protocol_options: {}\n";
    return """
    node: { id: gateway-1, cluster: gateways }
    layered_runtime:
      layers:
      - name: static
        static_layer:
          envoy.reloadable_features.xdstp_based_config_singleton_subscriptions: true
    config_sources:
    - authorities: [{ name: a }]
      api_config_source:
        api_type: AGGREGATED_DELTA_GRPC
        transport_api_version: V3
        grpc_services: [{ envoy_grpc: { cluster_name: authority } }]
    dynamic_resources:
      ads_config:
        api_type: DELTA_GRPC
        transport_api_version: V3
        grpc_services: [{ envoy_grpc: { cluster_name: plane } }]
      cds_config: { ads: {}, resource_api_version: V3 }
      cds_resources_locator: xdstp://a/envoy.config.cluster.v3.Cluster/x/*?n=1&m=2
      lds_config: { ads: {}, resource_api_version: V3 }
      lds_resources_locator: xdstp://a/envoy.config.listener.v3.Listener/x/*?n=1
    """
        + Bootstraps.of(
            Stream.of(),
            Stream.of(
                Bootstraps.cluster("plane", plane) + http2,
                Bootstraps.cluster("authority", authority) + http2));
  }
}
