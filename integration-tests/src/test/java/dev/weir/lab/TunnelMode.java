package dev.weir.lab;

/// The three ways of tunnelling that `tcp_proxy` knows.
enum TunnelMode {
  HTTP1_CONNECT("http_protocol_options: {}", "hostname: host.com:443"),
  HTTP2_CONNECT("http2_protocol_options: {}", "hostname: host.com:443"),
  HTTP2_POST("http2_protocol_options: {}", "hostname: host.com:443\nuse_post: true");

  private final String protocol;
  private final String tunneling;

  TunnelMode(String protocol, String tunneling) {
    this.protocol = protocol;
    this.tunneling = tunneling;
  }

  /// Whether one side can end while the other goes on.
  boolean halfCloses() {
    return this != HTTP1_CONNECT;
  }

  /// The fields of `tcp_proxy` that tunnel to a cluster.
  String tcpProxy(String cluster) {
    return "cluster: %s\ntunneling_config:\n%s".formatted(cluster, tunneling.indent(2))
        + Bootstraps.ACCESS_LOG;
  }

  /// A cluster of the place where tunnels end.
  String cluster(String name, int port) {
    return Bootstraps.cluster(name, port)
        + """
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config: { %s }
        """
            .formatted(protocol);
  }

  /// A listener where tunnels of this kind end, and go on to a cluster. Any other request, and one
  /// for a host that is refused, is answered with 403.
  String terminator(String name, String cluster) {
    var match =
        this == HTTP2_POST
            ? "{ prefix: /, headers: [{ name: \":method\", string_match: { exact: POST } }] }"
            : "{ connect_matcher: {} }";
    return """
    - name: %s
      address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
      filter_chains:
      - filters:
        - name: envoy.filters.network.http_connection_manager
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
            stat_prefix: %s
            upgrade_configs: [{ upgrade_type: CONNECT }]
            http2_protocol_options: { allow_connect: true }
            http_filters:
            - name: envoy.filters.http.router
              typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
            route_config:
              virtual_hosts:
              - name: all
                domains: ["*"]
                routes:
                - match: %s
                  route:
                    cluster: %s
                    timeout: 0s
                    upgrade_configs:
                    - { upgrade_type: CONNECT, connect_config: { allow_post: true } }
    """
        .formatted(name, name, match, cluster);
  }
}
