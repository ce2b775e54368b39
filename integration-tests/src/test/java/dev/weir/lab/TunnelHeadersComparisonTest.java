package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What hosts are told in the request for a tunnel, and what the access log tells of their answers,
/// on Envoy and on Weir.
class TunnelHeadersComparisonTest {

  private static final String LOG =
      "seen LISTENER %RESPONSE_CODE% %RESPONSE_FLAGS%"
          + " headers %FILTER_STATE(envoy.tcp_proxy.propagate_response_headers:TYPED)%"
          + " trailers %FILTER_STATE(envoy.tcp_proxy.propagate_response_trailers:TYPED)%"
          + " ids %DYNAMIC_METADATA(envoy.filters.network.tcp_proxy)%";

  /// Fields of `tunneling_config` beside those of the mode; `hostname` may be among them.
  private record Case(String name, String fields, List<String> additions) {
    Case(String name, String fields, String... additions) {
      this(name, fields, List.of(additions));
    }

    String tcpProxy(String cluster, boolean post) {
      var hostname = fields.contains("hostname:") ? "" : "hostname: host.com:443\n";
      var text = new StringBuilder("cluster: ").append(cluster).append("\ntunneling_config:\n");
      text.append(hostname.indent(2)).append(post ? "  use_post: true\n" : "");
      text.append(fields.indent(2)).append("  headers_to_add:\n");
      text.append("  - { header: { key: x-prompt, value: \"1\" } }\n");
      for (var addition : additions) {
        text.append("  - ").append(addition).append('\n');
      }
      return text + Bootstraps.accessLog(LOG.replace("LISTENER", cluster + "-" + name));
    }
  }

  private static String add(String name, String value, String rest) {
    return "{ header: { key: %s, value: \"%s\" }%s }".formatted(name, value, rest);
  }

  private static String action(String name, String value, String action) {
    return add(name, value, ", append_action: " + action);
  }

  private static final String APPEND = "APPEND_IF_EXISTS_OR_ADD";
  private static final String ABSENT = "ADD_IF_ABSENT";
  private static final String OVERWRITE = "OVERWRITE_IF_EXISTS_OR_ADD";
  private static final String EXISTING = "OVERWRITE_IF_EXISTS";
  private static final String KEEP = ", keep_empty_value: true";

  private static final List<Case> CASES =
      List.of(
          new Case("plain", ""),
          new Case("default", "", add("X-A", "1", ""), add("x-a", "2", ""), add("x-b", "3", "")),
          new Case(
              "each",
              "",
              action("a", "1", APPEND),
              action("b", "2", ABSENT),
              action("c", "3", OVERWRITE),
              action("d", "4", EXISTING)),
          new Case("absent", "", action("a", "1", ABSENT), action("a", "2", ABSENT)),
          new Case("over", "", action("a", "1", APPEND), action("a", "2", OVERWRITE)),
          new Case("over-first", "", action("a", "1", OVERWRITE), action("a", "2", APPEND)),
          new Case("over-twice", "", action("a", "1", OVERWRITE), action("a", "2", OVERWRITE)),
          new Case("existing", "", action("a", "1", APPEND), action("a", "2", EXISTING)),
          new Case(
              "all",
              "",
              action("a", "1", APPEND),
              action("a", "2", ABSENT),
              action("a", "3", APPEND),
              action("a", "4", OVERWRITE),
              action("a", "5", EXISTING),
              action("a", "6", APPEND)),
          new Case(
              "old",
              "",
              add("a", "1", ", append: false"),
              add("a", "2", ", append: true"),
              add("b", "1", ", append: true"),
              add("b", "2", ", append: false")),
          new Case(
              "empty",
              "",
              add("a", "", ""),
              add("b", "", KEEP),
              add("c", "%FILTER_STATE(none:PLAIN)%", ""),
              add("d", "%FILTER_STATE(none:PLAIN)%", KEEP),
              add("e", "%DYNAMIC_METADATA(none)%", KEEP),
              add("f", "x%REQUESTED_SERVER_NAME%x", "")),
          new Case(
              "operators",
              "hostname:"
                  + " \"%REQUESTED_SERVER_NAME%.%FILTER_STATE(fs:PLAIN)%.%DYNAMIC_METADATA(md:a:b)%:443\"",
              add("a", "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%", ""),
              add("b", "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%", ""),
              add("c", "%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT% 100%%", ""),
              add("d", "%FILTER_STATE(fs:PLAIN)% %FILTER_STATE(fs:TYPED)%", ""),
              add("e", "%DYNAMIC_METADATA(md:a:b)%", ""),
              add("f", "%DYNAMIC_METADATA(md)%", ""),
              add("g", "%REQUESTED_SERVER_NAME%", ""),
              add("h", "%UPSTREAM_CLUSTER% %PROTOCOL% %RESPONSE_CODE%", ""),
              add("i", "<%DOWNSTREAM_TLS_VERSION%> <%DOWNSTREAM_PEER_SUBJECT%>", ""),
              add("j", "%FILTER_STATE(fs:PLAIN):2%", "")),
          new Case("headers", "propagate_response_headers: true"),
          new Case("trailers", "propagate_response_trailers: true"),
          new Case("both", "propagate_response_headers: true\npropagate_response_trailers: true"),
          new Case(
              "id",
              "request_id_extension: { typed_config: { \"@type\":"
                  + " type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig }"
                  + " }",
              add(
                  "x-copy",
                  "%DYNAMIC_METADATA(envoy.filters.network.tcp_proxy:tunnel_request_id)%",
                  "")),
          new Case(
              "id-named",
              """
              request_id_extension: { typed_config: { "@type": type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig } }
              request_id_header: X-Own
              request_id_metadata_key: own
              """,
              action("x-own", "late", ABSENT)));

  private static String listener(Case it, String cluster, boolean post) {
    return Bootstraps.listener(cluster + "-" + it.name, it.tcpProxy(cluster, post))
        .replace(
            "  filter_chains:\n  - filters:\n",
            """
              listener_filters:
              - name: tls
                typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector }
              filter_chains:
              - filters:
                - name: metadata
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.set_filter_state.v3.Config
                    on_new_connection:
                    - { object_key: fs, factory_key: envoy.string, format_string: { text_format_source: { inline_string: text } } }
            """);
  }

  @Test
  void hostsAndTheLogSeeTheSame() throws IOException {
    try (var one = Backend.start();
        var two = Http2Echo.start()) {
      assertEquals(observe(ProxyKind.ENVOY, one, two), observe(ProxyKind.WEIR, one, two));
    }
  }

  private static String observe(ProxyKind kind, Backend one, Http2Echo two) throws IOException {
    var listeners = new ArrayList<String>();
    for (var it : CASES) {
      listeners.add(listener(it, "http1", false));
      listeners.add(listener(it, "connect", false));
      listeners.add(listener(it, "post", true));
    }
    var bootstrap =
        Bootstraps.of(
            listeners.stream(),
            Stream.of(
                TunnelMode.HTTP1_CONNECT.cluster("http1", one.port()),
                TunnelMode.HTTP2_CONNECT.cluster("connect", two.port()),
                TunnelMode.HTTP2_POST.cluster("post", two.port())));
    try (var proxy = Proxy.start(kind, bootstrap)) {
      var seen = new ArrayList<String>();
      for (var it : CASES) {
        seen.add(it.name + " 1: " + http1(proxy.port("http1-" + it.name), one));
        for (var cluster : List.of("connect", "post")) {
          seen.add(it.name + " " + cluster + ": " + http2(proxy.port(cluster + "-" + it.name)));
        }
      }
      int lines = seen.size();
      Await.until("all logged", () -> logged(proxy), log -> log.size() >= lines);
      seen.addAll(logged(proxy));
      return String.join("\n", seen).replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "UUID");
    }
  }

  private static List<String> logged(Proxy proxy) throws IOException {
    proxy.post("/reopen_logs"); // which writes out what is buffered
    return proxy.output().stream().filter(it -> it.startsWith("seen")).sorted().toList();
  }

  /// What the host is asked.
  private static String http1(int port, Backend host) throws IOException {
    try (var client = Peer.connect(port)) {
      client.send(hello());
      try (var server = host.accept()) {
        var head = new StringBuilder();
        for (var line = server.line(); !line.equals("\r"); line = server.line()) {
          head.append(line.strip()).append("; ");
        }
        server.send("HTTP/1.1 200 OK\r\nX-One: 1\r\nx-two: 2\r\nX-One: 3\r\n\r\nhello\n");
        return head + client.line();
      }
    }
  }

  /// What the host is asked; this is what it answers with.
  private static String http2(int port) throws IOException {
    try (var client = Peer.connect(port)) {
      client.send(hello());
      return client.line() + client.end(); // behind the trailers
    }
  }

  private static byte[] hello() throws IOException {
    try {
      return Hellos.of("sni.test");
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
