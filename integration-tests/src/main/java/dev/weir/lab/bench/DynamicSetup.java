package dev.weir.lab.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// A proxy whose clusters come over delta ADS, with a listener for each cluster that is looked at,
/// and one whose traffic goes on meanwhile.
///
/// @param probes the ports of the listeners before those clusters, in their order
/// @param steady the port of the listener with the traffic
record DynamicSetup(String bootstrap, List<Integer> probes, int steady) {
  /// The cluster with subsets.
  static final String SUBSET = "s";

  private static final String WANTED =
      ", metadata_match: {filter_metadata: {envoy.lb: {id: wanted}}}";

  static DynamicSetup of(int controlPlane, int echo, List<String> clusters) throws IOException {
    var probes = new ArrayList<Integer>();
    var listeners = new StringBuilder();
    for (var cluster : clusters) {
      int port = Field.freePort();
      probes.add(port);
      listeners.append(listener(cluster, port, cluster.equals(SUBSET) ? WANTED : ""));
    }
    int steady = Field.freePort();
    listeners.append(listener("steady", steady, ""));
    return new DynamicSetup(
        BOOTSTRAP.formatted(listeners, controlPlane, echo), List.copyOf(probes), steady);
  }

  private static String listener(String cluster, int port, String more) {
    return """
      - name: l-%1$s
        address: {socket_address: {address: 127.0.0.1, port_value: %2$d}}
        filter_chains:
        - filters:
          - {name: tcp, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters\
    .network.tcp_proxy.v3.TcpProxy, stat_prefix: x, cluster: %1$s%3$s}}
    """
        .formatted(cluster, port, more);
  }

  private static final String BOOTSTRAP =
      """
      node: {id: bench, cluster: bench}
      dynamic_resources:
        ads_config:
          api_type: DELTA_GRPC
          transport_api_version: V3
          grpc_services: [{envoy_grpc: {cluster_name: plane}}]
        cds_config: {resource_api_version: V3, initial_fetch_timeout: 0s, ads: {}}
      static_resources:
        listeners:
      %s
        clusters:
        - name: plane
          type: STATIC
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config: {http2_protocol_options: {}}
          load_assignment: {cluster_name: plane, endpoints: [{lb_endpoints: [{endpoint: {address: \
      {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
        - name: steady
          type: STATIC
          load_assignment: {cluster_name: steady, endpoints: [{lb_endpoints: [{endpoint: {address: \
      {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
      """;

  /// Starts a contender, and waits until it accepts connections.
  RunningContender start(Contender contender, Field field) throws IOException {
    var folder = field.folder(contender);
    var command = new ArrayList<>(field.program(contender));
    command.addAll(Field.envoyFlags(folder, bootstrap));
    return RunningContender.start(command, folder, steady);
  }

  /// Has traffic, and waits for its end.
  Latencies traffic(int connections, Load load) throws IOException {
    try (var requests = new RequestLoad(steady, connections, 64)) {
      return requests.run(load);
    }
  }

  /// Traffic that goes on beside what the caller does.
  Beside trafficBeside(int connections) throws IOException {
    var requests = new RequestLoad(steady, connections, 64);
    var over = new AtomicBoolean();
    return new Beside(
        over,
        CompletableFuture.supplyAsync(() -> {
          try (requests) {
            return requests.runWhile(() -> !over.get());
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        }));
  }

  /// Traffic that goes on.
  record Beside(AtomicBoolean over, CompletableFuture<Latencies> traffic) {
    /// Ends it.
    Latencies end() throws IOException {
      over.set(true);
      try {
        return traffic.get();
      } catch (InterruptedException | ExecutionException e) {
        throw new IOException(e);
      }
    }
  }
}
