package dev.weir.lab;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// PROXY headers to hosts, and transports chosen by a host's metadata: the bytes that a host gets
/// from Weir have to be those that it gets from Envoy, ports apart.
class ProxyProtocolUpstreamTest {

  private static final String RAW =
      """
      name: raw
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer
      """;

  /// @param config the fields of `ProxyProtocolConfig`, as a YAML flow mapping
  private static String socket(String config) {
    return """
    name: proxy
    typed_config:
      "@type": type.googleapis.com/envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport
      config: %s
      transport_socket:
    %s\
    """
        .formatted(config, RAW.indent(4));
  }

  private record Case(String name, String transport, String tcpProxy) {}

  private static final List<Case> CASES =
      List.of(
          plain("v1", "{ version: V1 }"),
          plain("v2", "{ version: V2 }"),
          plain("v2-added", "{ version: V2, added_tlvs: [{ type: 240, value: YWJj }] }"),
          plain(
              "v2-added-twice",
              "{ version: V2, added_tlvs: [{ type: 240, value: YWJj }, { type: 240, value: eHg= }]"
                  + " }"),
          new Case(
              "v2-not-passed",
              "transport_socket:\n" + socket("{ version: V2 }").indent(2),
              "proxy_protocol_tlvs: [{ type: 241, value: YWJj }]"),
          new Case(
              "v2-all-passed",
              "transport_socket:\n"
                  + socket("{ version: V2, pass_through_tlvs: { match_type: INCLUDE_ALL } }")
                      .indent(2),
              """
              proxy_protocol_tlvs:
              - { type: 241, value: YWJj }
              - type: 242
                format_string:
                  text_format_source: { inline_string: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%" }
              """),
          new Case(
              "v2-some-passed",
              "transport_socket:\n"
                  + socket(
                          "{ version: V2, pass_through_tlvs: { match_type: INCLUDE, tlv_type: [241]"
                              + " }, added_tlvs: [{ type: 242, value: eHg= }] }")
                      .indent(2),
              "proxy_protocol_tlvs: [{ type: 241, value: YWJj }, { type: 243, value: YWJj }]"),
          new Case("match-of-the-endpoint", matches("{ mode: proxy }", "{}"), ""),
          new Case("match-of-the-locality", matches("{}", "{ mode: proxy }"), ""),
          new Case("endpoint-before-locality", matches("{ mode: raw }", "{ mode: proxy }"), ""),
          new Case("no-match", matches("{ mode: other }", "{}"), ""));

  private static Case plain(String name, String config) {
    return new Case(name, "transport_socket:\n" + socket(config).indent(2), "");
  }

  private static String matches(String endpoint, String locality) {
    return "transport_socket_matches:\n- name: proxied\n  match: { mode: proxy }\n"
        + "  transport_socket:\n"
        + socket("{ version: V1 }").indent(4)
        + "- name: plain\n  match: { mode: raw }\n  transport_socket:\n"
        + RAW.indent(4)
        + "#"
        + endpoint
        + "#"
        + locality;
  }

  private static String cluster(Case it, int port) {
    var parts = it.transport.split("#", -1);
    var endpoint = parts.length > 1 ? parts[1] : "{}";
    var locality = parts.length > 1 ? parts[2] : "{}";
    return """
    - name: %s
      type: STATIC
      load_assignment:
        cluster_name: %s
        endpoints:
        - metadata: { filter_metadata: { envoy.transport_socket_match: %s } }
          lb_endpoints:
          - metadata: { filter_metadata: { envoy.transport_socket_match: %s } }
            endpoint:
              address: { socket_address: { address: 127.0.0.1, port_value: %d } }
    """
            .formatted(it.name, it.name, locality, endpoint, port)
        + parts[0].indent(2);
  }

  @Test
  void hostsAreSentTheSameHeaders() throws IOException {
    assertEquals(observe(ProxyKind.ENVOY), observe(ProxyKind.WEIR));
  }

  private static String observe(ProxyKind kind) throws IOException {
    try (var host = Backend.start()) {
      var bootstrap =
          Bootstraps.of(
              CASES.stream()
                  .map(it ->
                      Bootstraps.listener(it.name, "cluster: " + it.name + "\n" + it.tcpProxy)),
              CASES.stream().map(it -> cluster(it, host.port())));
      var seen = new ArrayList<String>();
      try (var proxy = Proxy.start(kind, bootstrap)) {
        for (var it : CASES) {
          seen.add(it.name + " " + header(proxy.port(it.name), host));
          proxy.awaitStat("cluster." + it.name + ".upstream_cx_destroy", 1);
        }
        var counters = new TreeMap<>(proxy.stats());
        counters.values().removeIf(it -> it == 0);
        counters
            .keySet()
            .removeIf(it -> !it.matches("cluster\\..*(match_count|proxy_proto.*|tx_bytes_total)"));
        return String.join("\n", seen)
            + counters.entrySet().stream()
                .map(it -> "\n" + it)
                .filter(it -> !it.contains("v1.") && !it.contains("match-of"))
                .collect(joining());
      }
    }
  }

  /// What the host gets, without what differs from run to run.
  private static String header(int port, Backend host) throws IOException {
    try (var client = Peer.connect(port)) {
      client.send("hello");
      client.finish();
      try (var accepted = host.accept()) {
        var bytes = accepted.rest();
        var text = HexFormat.of().formatHex(bytes);
        return text.replace("%04x".formatted(client.localPort()), "SRC_")
            .replace("%04x".formatted(port), "DST_")
            .replace(hex(Integer.toString(client.localPort())), "SRC_")
            .replace(hex(Integer.toString(port)), "DST_");
      }
    }
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }
}
