package dev.weir.lab.bench;

import java.nio.file.Path;

/// The bootstrap that Weir and Envoy share: the same bytes for both.
final class EnvoySetup {

  private EnvoySetup() {}

  /// The static configuration for a course.
  static String of(Course course, Path folder) {
    var tls = course.kind() == Course.Kind.TLS_DOWNSTREAM || course.kind() == Course.Kind.TLS_BOTH;
    var listeners =
        switch (course.kind()) {
          case TUNNEL -> tunnelEnds(course);
          case PLAIN, TLS_DOWNSTREAM, TLS_BOTH ->
              listener("l", course.listen(), tls ? downstreamTls(folder) : "", proxy("", "c"));
        };
    var clusters =
        cluster("c", course.backend(), course.kind() == Course.Kind.TLS_BOTH ? UPSTREAM_TLS : "")
            + (course.kind() == Course.Kind.TUNNEL ? cluster("far", course.inner(), HTTP2) : "");
    return "static_resources:\n  listeners:\n" + listeners + "  clusters:\n" + clusters;
  }

  private static String tunnelEnds(Course course) {
    return listener("near", course.listen(), "", proxy(TUNNELING, "far"))
        + listener("far", course.inner(), "", CONNECT_END);
  }

  private static String listener(String name, int port, String socket, String filter) {
    return """
      - name: %s
        address: {socket_address: {address: 127.0.0.1, port_value: %d}}
        filter_chains:
        - filters: [%s]
    %s\
    """
        .formatted(name, port, filter.strip(), socket);
  }

  private static String proxy(String more, String cluster) {
    return """
    {name: tcp, typed_config: {"@type": %s.extensions.filters.network.tcp_proxy.v3.TcpProxy, \
    stat_prefix: x, cluster: %s%s}}
    """
        .formatted(TYPE, cluster, more);
  }

  private static String cluster(String name, int port, String more) {
    return """
      - name: %1$s
        type: STATIC
        connect_timeout: 5s
        circuit_breakers: {thresholds: [{max_connections: 100000, max_pending_requests: 100000, \
    max_requests: 100000}]}
        load_assignment: {cluster_name: %1$s, endpoints: [{lb_endpoints: [{endpoint: {address: \
    {socket_address: {address: 127.0.0.1, port_value: %2$d}}}}]}]}
    %3$s\
    """
        .formatted(name, port, more);
  }

  private static String downstreamTls(Path folder) {
    return """
          transport_socket:
            name: tls
            typed_config:
              "@type": %s.extensions.transport_sockets.tls.v3.DownstreamTlsContext
              common_tls_context:
                tls_certificates:
                - certificate_chain: {filename: %s}
                  private_key: {filename: %s}
    """
        .formatted(TYPE, folder.resolve(Certificate.CHAIN), folder.resolve(Certificate.KEY));
  }

  private static final String TYPE = "type.googleapis.com/envoy";

  private static final String UPSTREAM_TLS =
      """
          transport_socket:
            name: tls
            typed_config: {"@type": %s.extensions.transport_sockets.tls.v3.UpstreamTlsContext, \
      common_tls_context: {tls_params: {tls_maximum_protocol_version: TLSv1_3}}}
      """
          .formatted(TYPE);

  private static final String HTTP2 =
      """
          typed_extension_protocol_options:
            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
              "@type": %s.extensions.upstreams.http.v3.HttpProtocolOptions
              explicit_http_config: {http2_protocol_options: {}}
      """
          .formatted(TYPE);

  private static final String TUNNELING = ", tunneling_config: {hostname: \"host.example:443\"}";

  private static final String CONNECT_END =
      """
      {name: http, typed_config: {"@type": %1$s.extensions.filters.network.http_connection_manager\
      .v3.HttpConnectionManager, stat_prefix: h, route_config: {virtual_hosts: [{name: v, domains: \
      ["*"], routes: [{match: {connect_matcher: {}}, route: {cluster: c, upgrade_configs: \
      [{upgrade_type: CONNECT, connect_config: {}}]}}]}]}, http_filters: [{name: r, typed_config: \
      {"@type": %1$s.extensions.filters.http.router.v3.Router}}], upgrade_configs: [{upgrade_type: \
      CONNECT}]}}
      """
          .formatted(TYPE);
}
