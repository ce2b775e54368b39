package dev.weir.lab;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Static bootstraps that the tests start proxies with: listeners at port 0 in front of clusters on
/// the loopback interface. Pieces are put together as text, the way that people write them.
final class Bootstraps {

  private Bootstraps() {}

  /// The access log format that Istio's users know.
  static final String LOG_FORMAT =
      "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
          + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
          + " %CONNECTION_TERMINATION_DETAILS% \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\""
          + " %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"
          + " \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\""
          + " \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER%"
          + " %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%"
          + " %REQUESTED_SERVER_NAME% %ROUTE_NAME%";

  /// Writes that format to standard output; a field of `tcp_proxy`.
  static final String ACCESS_LOG = accessLog(LOG_FORMAT);

  /// Writes lines of a format to standard output; a field of `tcp_proxy`.
  static String accessLog(String format) {
    return """
    access_log:
    - name: envoy.access_loggers.file
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
        path: /dev/stdout
        log_format:
          text_format_source:
            inline_string: |
              %s
    """
        .formatted(format);
  }

  /// A whole bootstrap.
  static String of(Stream<String> listeners, Stream<String> clusters) {
    return "static_resources:\n  listeners:\n"
        + listeners.map(it -> it.indent(2)).collect(Collectors.joining())
        + "  clusters:\n"
        + clusters.map(it -> it.indent(2)).collect(Collectors.joining());
  }

  /// A listener that hands every connection to `tcp_proxy`.
  ///
  /// @param tcpProxy the fields of `tcp_proxy`
  static String listener(String name, String tcpProxy) {
    return """
    - name: %s
      address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
      filter_chains:
      - filters:
        - name: envoy.filters.network.tcp_proxy
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
            stat_prefix: %s
    %s\
    """
        .formatted(name, name, tcpProxy.indent(8));
  }

  /// A listener that treats all HTTP requests alike.
  ///
  /// @param action `route: …` or `direct_response: …`
  static String web(String name, String action) {
    return """
    - name: %1$s
      address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
      filter_chains:
      - filters:
        - name: http
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
            stat_prefix: %1$s
            route_config:
              virtual_hosts:
              - { name: all, domains: ["*"], routes: [{ match: { prefix: / }, %2$s }] }
            http_filters:
            - { name: router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }
    """
        .formatted(name, action);
  }

  /// A cluster with one endpoint on the loopback interface.
  static String cluster(String name, int port) {
    return """
    - name: %s
      type: STATIC
      connect_timeout: 5s
      load_assignment:
        cluster_name: %s
        endpoints:
        - lb_endpoints:
          - endpoint:
              address: { socket_address: { address: 127.0.0.1, port_value: %d } }
    """
        .formatted(name, name, port);
  }

  /// A cluster that has no endpoint.
  static String emptyCluster(String name) {
    return """
    - name: %s
      type: STATIC
      load_assignment: { cluster_name: %s }
    """
        .formatted(name, name);
  }
}
