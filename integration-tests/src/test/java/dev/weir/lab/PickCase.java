package dev.weir.lab;

import com.google.gson.Gson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A listener in front of a few clusters, tried on both proxies.
///
/// @param name of the listener; unique, like those of the clusters
/// @param tcpProxy the fields of `tcp_proxy`
/// @param sources the addresses to connect from, each of which alone decides where a connection
///   goes; empty where chance takes part
/// @param held whether connections stay open until the last of them has been made
record PickCase(
    String name,
    Map<String, Object> tcpProxy,
    List<Map<String, Object>> clusters,
    List<String> sources,
    boolean held) {

  private static final String NODE =
      """
      node: { id: gateway, cluster: gateways, locality: { zone: a } }
      cluster_manager: { local_cluster_name: gateways }
      """;

  private static final Map<String, Object> GATEWAYS =
      Map.of(
          "name",
          "gateways",
          "type",
          "STATIC",
          "load_assignment",
          Map.of(
              "cluster_name",
              "gateways",
              "endpoints",
              List.of(gateways("a", 1, 2), gateways("b", 3), gateways("c", 4))));

  private static final Map<String, Object> ANY_PORT =
      Map.of("socket_address", Map.of("address", "127.0.0.1", "port_value", 0));

  /// Addresses of this machine, so many that every entry of a small table is likely to be met.
  static List<String> sources(int count) {
    return IntStream.range(0, count).mapToObj(i -> "127.0.0." + (i + 2)).toList();
  }

  /// Whether it is a matter of chance how often a cluster, a priority, degraded hosts or a zone are
  /// chosen.
  boolean countsVary() {
    var text = toString();
    return clusters.size() > 1
        || text.contains("DEGRADED")
        || text.matches(".*\"priority\":[1-9].*")
        || (text.contains("\"zone\"") && !text.contains("locality_weighted_lb_config"));
  }

  /// A bootstrap with all of these, for a gateway in zone `a`, one of four in three zones.
  static String bootstrap(List<PickCase> cases) {
    var listeners = new ArrayList<Map<String, Object>>();
    var clusters = new ArrayList<Map<String, Object>>();
    for (var one : cases) {
      listeners.add(one.listener());
      clusters.addAll(one.clusters);
    }
    clusters.add(GATEWAYS);
    var resources = Map.of("listeners", listeners, "clusters", clusters);
    return NODE + "static_resources: " + new Gson().toJson(resources) + "\n";
  }

  private static Map<String, Object> gateways(String zone, int... ports) {
    var endpoints = new ArrayList<Map<String, Object>>();
    for (int port : ports) {
      var address = Map.of("socket_address", Map.of("address", "127.0.0.1", "port_value", port));
      endpoints.add(Map.of("endpoint", Map.of("address", address)));
    }
    return Map.of("locality", Map.of("zone", zone), "lb_endpoints", endpoints);
  }

  private Map<String, Object> listener() {
    var config = new LinkedHashMap<>(tcpProxy);
    config.put(
        "@type", "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy");
    config.put("stat_prefix", name);
    config.put("access_log", List.of(accessLog()));
    var filter = Map.of("name", "tcp_proxy", "typed_config", config);
    return Map.of(
        "name",
        name,
        "address",
        ANY_PORT,
        "filter_chains",
        List.of(Map.of("filters", List.of(filter))));
  }

  /// A line of the case's name, the flags and the cluster for each connection.
  private Map<String, Object> accessLog() {
    var format = name + "\t%RESPONSE_FLAGS% %UPSTREAM_CLUSTER%\n";
    return Map.of(
        "name",
        "log",
        "typed_config",
        Map.of(
            "@type",
            "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
            "path",
            "/dev/stdout",
            "log_format",
            Map.of("text_format_source", Map.of("inline_string", format))));
  }

  /// Its configuration, for a failure to show.
  @Override
  public String toString() {
    return new Gson().toJson(Map.of("tcp_proxy", tcpProxy, "clusters", clusters));
  }
}
