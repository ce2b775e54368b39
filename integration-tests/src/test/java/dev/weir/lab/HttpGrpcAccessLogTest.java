package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What an access log service is told of HTTP requests, by Envoy and by Weir.
class HttpGrpcAccessLogTest {

  @Test
  void requestsAreToldAsEnvoyTellsThem() throws Exception {
    try (var echo = HttpEcho.start()) {
      assertEquals(told(ProxyKind.ENVOY, echo), told(ProxyKind.WEIR, echo));
    }
  }

  private static String told(ProxyKind kind, HttpEcho echo) throws Exception {
    try (var service = LogService.start(0);
        var proxy = Proxy.start(kind, bootstrap(echo.port(), service.port()))) {
      var seen = new ArrayList<String>();
      for (var request :
          List.of(
              "GET /a?b=c HTTP/1.1|x-request-id: 1|user-agent: u|referer: r|x-a: 1|x-a: 2||",
              "POST /rewrite/cchunked/trailer HTTP/1.1|x-request-id: 2|content-length: 5||hello",
              "GET /direct HTTP/1.0|x-request-id: 3||",
              "DELETE /none HTTP/1.1|x-request-id: 4||",
              "GET /grpc=5 HTTP/1.1|x-request-id: 5|content-type: application/grpc||")) {
        var bytes =
            request.replaceFirst("\\|", "|host: h.com|connection: close|").replace("|", "\r\n");
        new RawRequest("", 0, bytes).send(proxy.port("l0"), Duration.ofSeconds(30));
      }
      boolean introduced = false;
      var entries = new TreeMap<String, String>();
      while (entries.size() < 5) {
        var message = service.next();
        assertEquals(!introduced, message.hasIdentifier());
        introduced = true;
        for (var entry : message.getHttpLogs().getLogEntryList()) {
          entries.put(entry.getRequest().getRequestId(), masked(entry));
        }
      }
      entries.forEach((id, entry) -> seen.add(id + " " + entry));
      return String.join("\n", seen);
    }
  }

  /// The entry in one line, with what is different each time, or counts what is on the wire,
  /// masked, and the headers that were asked for sorted, as the message has them in any order.
  private static String masked(HTTPAccessLogEntry entry) {
    var request = entry.getRequest();
    var response = entry.getResponse();
    var bare = entry.toBuilder();
    bare.getRequestBuilder().clearRequestHeaders();
    bare.getResponseBuilder().clearResponseHeaders();
    return bare.toString()
            .replaceAll("\\s+", " ")
            .replaceAll("port_value: \\d+", "port_value: PORT")
            .replaceAll("(start_time|duration|time_to_\\w+) \\{[^}]*}", "$1 { TIME }")
            .replaceAll("(up|down)stream_(header|wire)_bytes_(sent|received): \\d+ ", "")
        + new TreeMap<>(request.getRequestHeadersMap())
        + new TreeMap<>(response.getResponseHeadersMap());
  }

  private static String bootstrap(int echo, int service) {
    return """
    node: { id: test-id, cluster: test-cluster }
    static_resources:
      listeners:
      - name: l0
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        filter_chains:
        - filters:
          - name: hcm
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: h0
              http_protocol_options: {accept_http_10: true, enable_trailers: true}
              access_log:
              - name: envoy.access_loggers.http_grpc
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig
                  common_config: {log_name: lab, transport_api_version: V3, grpc_service: {envoy_grpc: {cluster_name: service}}}
                  additional_request_headers_to_log: [x-a, X-None, ":method"]
                  additional_response_headers_to_log: [content-length, ":status"]
                  additional_response_trailers_to_log: [x-trailer]
              route_config:
                response_headers_to_remove: [x-envoy-upstream-service-time]
                virtual_hosts:
                - name: all
                  domains: ["*"]
                  routes:
                  - {name: direct, match: {prefix: /direct}, direct_response: {status: 204}}
                  - {name: rewrite, match: {prefix: /rewrite}, route: {cluster: echo, prefix_rewrite: /new}}
                  - {name: rest, match: {prefix: /}, route: {cluster: echo}}
              http_filters:
              - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
      clusters:
    """
        + (Bootstraps.cluster("echo", echo)
                + Bootstraps.cluster("service", service)
                + "  http2_protocol_options: {}\n")
            .indent(2);
  }
}
