package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import com.google.protobuf.util.JsonFormat;
import dev.cel.common.CelProtoAbstractSyntaxTree;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Expressions on Envoy and on Weir: in access log formats, in access log filters and in conditions
/// of RBAC, about plain connections and about requests. One start of each serves all cases.
class CelComparisonTest {

  /// Printed for a connection and for a request.
  private static final List<String> PRINTED =
      """
      request.path
      request.url_path
      request.host
      request.scheme
      request.method
      request.headers['x-a']
      request.headers['X-A']
      request.headers['x-twice']
      request.headers['absent']
      request.headers
      request.referer
      request.useragent
      request.time > timestamp('2020-01-01T00:00:00Z')
      request.duration > duration('0s')
      request.id
      request.protocol
      request.query
      request.size
      request.total_size > 0
      request.nosuch
      request['path']
      response.code
      response.code_details
      response.flags
      response.grpc_status
      response.headers['x-answer']
      response.trailers
      response.size
      connection.mtls
      connection.requested_server_name
      connection.tls_version
      connection.subject_local_certificate
      connection.sha256_peer_certificate_digest
      connection.id > 0
      connection.termination_details
      connection.transport_failure_reason
      source.address
      source.port > 1024
      source.port > 5u
      destination.address
      destination.port > 1024
      upstream.address
      upstream.transport_failure_reason
      upstream.request_attempt_count
      metadata.filter_metadata['none']
      filter_state
      filter_state['fs.key']
      filter_state['fs.key'] == 'text'
      filter_state['fs.key'] == b'text'
      filter_state['fs.none']
      upstream_filter_state
      xds.cluster_name
      xds.cluster_metadata.filter_metadata['cm']['k']
      xds.cluster_metadata.filter_metadata['cm'].n
      xds.upstream_host_metadata.filter_metadata['hm']['k']
      xds.route_name
      xds.route_metadata.filter_metadata['rm']['k']
      xds.virtual_host_name
      xds.filter_chain_name
      xds.listener_direction
      nosuch
      nosuch.x
      1
      1u
      1.5
      100.0
      1234567.0
      0.00001234
      -0.5
      true
      null
      b'abc'
      'str'
      [1,'a']
      {'a':1}
      duration('0s')
      duration('1.5s')
      duration('-1.5s')
      duration('90s')
      duration('3600s')
      duration('3661.25s')
      duration('0.0015s')
      timestamp('2024-01-01T00:00:00Z')
      timestamp('2024-01-01T00:00:00.25Z')
      1 == 1.0
      1 == 1u
      1 < 2.5
      dyn(1) + dyn('a')
      dyn(1) == 'a'
      'a' + 'b'
      [1] + [2]
      int('5')
      double(1)
      uint(1)
      bool('true')
      bytes('abc')
      'abc'.matches('b')
      'abc'.matches('^b')
      'abc'.startsWith('a')
      'abc'.endsWith('a')
      'abc'.contains('b')
      size('abc')
      size([1,2])
      has(request.path)
      has(request.nosuch)
      has(connection.tls_version)
      has(request.headers.absent)
      'x-a' in request.headers
      'absent' in request.headers
      'b' in ['a', 'b']
      request.nosuch == 'a' || true
      request.nosuch == 'a' && false
      request.nosuch == 'a' || false
      !(request.nosuch == 'a')
      request.headers['x-a'] == 'va' ? 'yes' : 'no'
      type(1) == int
      type(1)
      request
      source
      size(request.headers) > 3
      request.time.getFullYear() > 2000
      duration('90s').getMinutes()
      10 / 3
      10 / 0
      -7 / 2
      9223372036854775807 + 1
      """
          .lines()
          .toList();

  /// Each asks for something that a connection with SNI or a request of the test has or has not.
  private static final List<String> CONDITIONS =
      List.of(
          "connection.requested_server_name == 'a.example'",
          "connection.requested_server_name.endsWith('.example')",
          "source.address.startsWith('127.0.0.1:')",
          "source.address.startsWith('10.')",
          "destination.port > 0 && source.port > 0",
          "connection.mtls",
          "!connection.mtls && connection.id > 0u",
          "request.path == '/'",
          "request.total_size >= 0",
          "has(request.path) || connection.requested_server_name in ['a.example', 'c.example']",
          "connection.nosuch == 'x'",
          "'a text'",
          "nosuch || connection.requested_server_name == 'b.example'");

  /// Each asks for something that a request of the test has or has not.
  private static final List<String> REQUEST_CONDITIONS =
      List.of(
          "request.path.startsWith('/a/')",
          "request.url_path == '/c' || request.query.contains('q=1')",
          "request.method == 'POST'",
          "request.headers['x-a'] == 'va' && request.headers['x-twice'].matches('^1,2$')",
          "has(request.headers.absent)",
          "!('absent' in request.headers) && request.host == 'h.example'",
          "response.code == 200",
          "xds.route_name == 'first'");

  private static final Gson JSON = new Gson();

  @Test
  void expressionsHaveTheSameValues() throws Exception {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var backend = Echo.start("echo", loopback)) {
      var config = bootstrap(backend.port());
      assertEquals(observe(ProxyKind.ENVOY, config), observe(ProxyKind.WEIR, config));
    }
  }

  private static String observe(ProxyKind kind, String config) throws Exception {
    try (var proxy = Proxy.start(kind, config)) {
      var ports = proxy.ports();
      var seen = new ArrayList<String>();
      try (var peer = Peer.connect(ports.getOrDefault("tcp", 0))) {
        seen.add(peer.ask("hello"));
      }
      for (var path : List.of("/a/b?q=1&r=2", "/c", "/none")) {
        try (var peer = Peer.connect(ports.getOrDefault("http", 0))) {
          peer.send(request(path));
          seen.add(peer.line());
          peer.end();
        }
      }
      for (int i = 0; i < REQUEST_CONDITIONS.size(); i++) {
        for (var path : List.of("/a/b?q=1", "/c")) {
          try (var peer = Peer.connect(ports.getOrDefault("requests-" + i, 0))) {
            peer.send(request(path));
            seen.add(REQUEST_CONDITIONS.get(i) + " " + path + ": " + peer.line());
          }
        }
      }
      for (int i = 0; i < CONDITIONS.size(); i++) {
        for (var name : List.of("", "a.example", "b.example")) {
          int port = ports.getOrDefault("rbac-" + i, 0);
          seen.add(CONDITIONS.get(i) + " " + name + ": " + RbacComparisonTest.letIn(port, name));
        }
      }
      proxy.stop();
      return String.join("\n", seen) + "\n" + log(proxy);
    }
  }

  private static String request(String path) {
    return "GET "
        + path
        + " HTTP/1.1\r\nhost: h.example\r\nx-a: va\r\nx-twice: 1\r\nx-twice: 2\r\n"
        + "referer: http://r/\r\nuser-agent: ua\r\nx-request-id: id\r\n"
        + "connection: close\r\n\r\n";
  }

  private static String log(Proxy proxy) throws Exception {
    return proxy.output().stream()
        .map(line -> line.replaceAll("127\\.0\\.0\\.1:[0-9]{4,5}", "ADDRESS"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static String bootstrap(int backend) throws Exception {
    var conditions = new StringBuilder();
    for (int i = 0; i < CONDITIONS.size(); i++) {
      conditions.append(
          """
            - name: rbac-%d
              address: {socket_address: {address: 127.0.0.1, port_value: 0}}
              listener_filters:
              - {name: tls, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}
              filter_chains:
              - filters:
                - name: rbac
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC
                    stat_prefix: x
                    rules:
                      policies:
                        p: {permissions: [{any: true}], principals: [{any: true}], condition: %s}
                - name: echo
                  typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}
          """
              .formatted(i, tree(CONDITIONS.get(i))));
    }
    for (int i = 0; i < REQUEST_CONDITIONS.size(); i++) {
      conditions.append(
          """
            - name: requests-%d
              address: {socket_address: {address: 127.0.0.1, port_value: 0}}
              filter_chains:
              - filters:
                - name: http
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                    stat_prefix: r
                    http_filters:
                    - name: rbac
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC
                        rules:
                          policies:
                            p: {permissions: [{any: true}], principals: [{any: true}], condition: %s}
                    - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
                    route_config:
                      virtual_hosts:
                      - {name: host, domains: ["*"], routes: [{name: first, match: {prefix: /}, direct_response: {status: 200}}]}
          """
              .formatted(i, tree(REQUEST_CONDITIONS.get(i))));
    }
    return """
    static_resources:
      clusters:
      - name: up
        connect_timeout: 5s
        metadata: {filter_metadata: {cm: {k: of a cluster, n: 3}}}
        load_assignment:
          cluster_name: up
          endpoints:
          - lb_endpoints:
            - metadata: {filter_metadata: {hm: {k: of a host}}}
              endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
      listeners:
      - name: tcp
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        traffic_direction: OUTBOUND
        filter_chains:
        - name: chain
          filters:
          - name: state
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.set_filter_state.v3.Config
              on_new_connection:
              - object_key: fs.key
                factory_key: envoy.string
                format_string: {text_format_source: {inline_string: text}}
          - name: tcp
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
              stat_prefix: t
              cluster: up
              access_log: [%s, %s]
      - name: http
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        filter_chains:
        - filters:
          - name: http
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: h
              preserve_external_request_id: true
              access_log: [%s, %s]
              http_filters:
              - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
              route_config:
                name: routes
                virtual_hosts:
                - name: host
                  domains: ["*"]
                  routes:
                  - name: first
                    match: {prefix: /a}
                    metadata: {filter_metadata: {rm: {k: of a route}}}
                    direct_response: {status: 200, body: {inline_string: ok}}
                    response_headers_to_add: [{header: {key: x-answer, value: "yes"}}]
                  - match: {prefix: /c}
                    direct_response: {status: 418}
    %s\
    """
        .formatted(
            backend,
            log("T", null),
            log("TF", "source.address.startsWith('127.') && upstream.port > 0"),
            log("H", "request.path != '/c'"),
            log("HF", "response.code >= 400 && request.headers['x-a'] == 'va'"),
            conditions);
  }

  private static String log(String name, @Nullable String filter) {
    var format =
        filter == null || name.equals("H")
            ? IntStream.range(0, PRINTED.size())
                .mapToObj(i -> name + " " + PRINTED.get(i) + " |%CEL(" + PRINTED.get(i) + ")%\n")
                .collect(Collectors.joining())
            : name + " %BYTES_SENT%\n";
    return """
    {name: file, %s typed_config: {"@type": \
    type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: /dev/stdout, \
    log_format: {text_format_source: {inline_string: %s}}}}\
    """
        .formatted(
            filter == null
                ? ""
                : """
                filter: {extension_filter: {name: cel, typed_config: {"@type": \
                type.googleapis.com/envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter, \
                expression: %s}}},\
                """
                    .formatted(JSON.toJson(filter)),
            JSON.toJson(format));
  }

  /// An expression as conditions have it: parsed already.
  private static String tree(String expression) throws Exception {
    var parsed =
        CelParserFactory.standardCelParserBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .build()
            .parse(expression)
            .getAst();
    return JsonFormat.printer()
        .omittingInsignificantWhitespace()
        .print(CelProtoAbstractSyntaxTree.fromCelAst(parsed).getExpr());
  }
}
