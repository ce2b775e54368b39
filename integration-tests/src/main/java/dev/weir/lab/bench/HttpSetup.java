package dev.weir.lab.bench;

/// Bootstraps for HTTP, the same bytes for Weir and Envoy.
final class HttpSetup {
  private static final String TYPE = "type.googleapis.com/envoy";

  private HttpSetup() {}

  /// A server that answers everything with a body of so many bytes.
  static String server(int port, int body) {
    var action =
        "direct_response: {status: 200, body: {inline_string: \"%s\"}}".formatted("x".repeat(body));
    return "static_resources:\n  listeners:\n" + listener(port, action);
  }

  /// A proxy that routes everything to that server.
  static String proxy(int port, int backend, boolean http2) {
    return "static_resources:\n  listeners:\n"
        + listener(port, "route: {cluster: c}")
        + """
          clusters:
          - name: c
            type: STATIC
            circuit_breakers: {thresholds: [{max_connections: 100000, max_pending_requests: \
        100000, max_requests: 100000}]}
            load_assignment: {cluster_name: c, endpoints: [{lb_endpoints: [{endpoint: {address: \
        {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
        """
            .formatted(backend)
        + (http2 ? HTTP2 : "");
  }

  private static String listener(int port, String action) {
    return """
      - name: l
        address: {socket_address: {address: 127.0.0.1, port_value: %2$d}}
        filter_chains:
        - filters:
          - name: http
            typed_config:
              "@type": %1$s.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: h
              http_filters:
              - name: router
                typed_config: {"@type": %1$s.extensions.filters.http.router.v3.Router}
              route_config:
                virtual_hosts:
                - name: v
                  domains: ["*"]
                  routes: [{match: {prefix: /}, %3$s}]
    """
        .formatted(TYPE, port, action);
  }

  private static final String HTTP2 =
      """
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": %s.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config: {http2_protocol_options: {}}
      """
          .formatted(TYPE);
}
