package dev.weir.lab;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.lab.Pki.Wish;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What filters find out about a client, and what becomes of it upstream: the TLS that a host is
/// spoken to with, the fields of a PROXY header, and the subset. Weir has to do as Envoy does.
class FilterFactsUpstreamTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /// One listener.
  ///
  /// @param state `key=value` of filter state; empty for none
  /// @param tlvs of the PROXY header that the client sends, as `type:text` divided by blanks; null
  ///   for no header
  private record Case(
      String name, String cluster, String state, @Nullable String tlvs, String tcpProxy) {
    static Case tls(String name, String cluster, String state) {
      return new Case(name, cluster, state, null, "");
    }

    static Case header(String name, String tlvs, String tcpProxy) {
      return new Case(name, "introduced", "", tlvs, tcpProxy);
    }

    static Case subset(String name, String tlvs) {
      return new Case(
          name,
          "subsets",
          "",
          tlvs,
          "metadata_match: { filter_metadata: { envoy.lb: { env: a } } }");
    }
  }

  /// `new` in place of, or beside, what the client says; and one that it does not say.
  private static final String ADDED =
      "proxy_protocol_tlvs: [{ type: 241, value: bmV3 }, { type: 243, value: bW9yZQ== }]\n";

  private static final String SAYS = "241:old 242:kept 241:again";

  private static final List<Case> CASES =
      List.of(
          Case.tls("tls", "secure", ""),
          Case.tls("tls-other-name", "secure", "envoy.network.upstream_server_name=other.test"),
          Case.tls("tls-other-protocol", "secure", "envoy.network.application_protocols=h2"),
          Case.tls("tls-picky", "picky", ""),
          Case.tls(
              "tls-right-owner", "picky", "envoy.network.upstream_subject_alt_names=good.test"),
          Case.tls(
              "tls-wrong-owner", "secure", "envoy.network.upstream_subject_alt_names=bad.test"),
          Case.header("told", SAYS, ""),
          Case.header("added-if-absent", SAYS, ADDED),
          Case.header("added-to-a-header-without", "", ADDED),
          Case.header("added-to-version-1", "v1", ADDED),
          Case.header(
              "overwritten",
              SAYS,
              ADDED + "proxy_protocol_tlv_merge_policy: OVERWRITE_BY_TYPE_IF_EXISTS_OR_ADD"),
          Case.header(
              "appended", SAYS, ADDED + "proxy_protocol_tlv_merge_policy: APPEND_IF_EXISTS_OR_ADD"),
          new Case(
              "tunnel", "tunnelled", "", "v1", "tunneling_config: { hostname: 'any.test:443' }"),
          Case.subset("subset-of-the-filter", "200:x"),
          Case.subset("subset-of-the-client", "200:x 240:b"),
          Case.subset("subset-that-nobody-has", "240:c"));

  private static String listener(Case it) {
    var text = Bootstraps.listener(it.name, "cluster: " + it.cluster + "\n" + it.tcpProxy);
    if (!it.state.isEmpty()) {
      text = text.replace("  - filters:\n", "  - filters:\n" + stateFilter(it.state).indent(4));
    }
    return it.tlvs == null
        ? text
        : text
            + """
              listener_filters:
              - name: proxy
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol
                  pass_through_tlvs: { match_type: INCLUDE_ALL }
                  rules: [{ tlv_type: 240, on_tlv_present: { metadata_namespace: envoy.lb, key: env } }]
            """;
  }

  private static String stateFilter(String pair) {
    return """
    - name: state
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.filters.network.set_filter_state.v3.Config
        on_new_connection:
        - object_key: %s
          format_string: { text_format_source: { inline_string: "%s" } }
    """
        .formatted((Object[]) pair.split("=", 2));
  }

  private static String secure(String name, int port, Path folder, String owner) {
    return Bootstraps.cluster(name, port)
        + """
          transport_socket:
            name: envoy.transport_sockets.tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
              sni: set.test
              common_tls_context:
                alpn_protocols: [http/1.1]
                tls_params: { tls_maximum_protocol_version: TLSv1_3 }
                validation_context:
                  trusted_ca: { filename: %s/root.pem }
                  match_typed_subject_alt_names: [{ san_type: DNS, matcher: { exact: %s } }]
        """
            .formatted(folder, owner);
  }

  private static String introduced(String name, int port) {
    return Bootstraps.cluster(name, port)
        + """
          transport_socket:
            name: proxy
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport
              config: { version: V2, pass_through_tlvs: { match_type: INCLUDE_ALL } }
              transport_socket:
                name: raw
                typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer }
        """;
  }

  private static String subsets(int one, int two) {
    return """
    - name: subsets
      load_assignment:
        cluster_name: subsets
        endpoints:
        - lb_endpoints:
          - metadata: { filter_metadata: { envoy.lb: { env: a } } }
            endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
          - metadata: { filter_metadata: { envoy.lb: { env: b } } }
            endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
      lb_subset_config: { fallback_policy: NO_FALLBACK, subset_selectors: [{ keys: [env] }] }
    """
        .formatted(one, two);
  }

  @Test
  void hostsComeToKnowWhatTheyComeToKnowFromEnvoy(@TempDir Path folder) throws IOException {
    var pki = new Pki(folder);
    var root = pki.make("root", Wish.authority(null));
    var good = pki.make("good", Wish.of(root, "DNS:good.test"));
    try (var secure = TlsBackend.start(good, false);
        var host = Backend.start();
        var one = Echo.start("one", ANY);
        var two = Echo.start("two", ANY)) {
      var bootstrap =
          Bootstraps.of(
              CASES.stream().map(FilterFactsUpstreamTest::listener),
              Stream.of(
                  secure("secure", secure.port(), folder, "good.test"),
                  secure("picky", secure.port(), folder, "nobody.test"),
                  introduced("introduced", host.port()),
                  introduced("tunnelled", host.port()).replace("V2, pass", "V1, pass"),
                  subsets(one.port(), two.port())));
      assertEquals(
          observe(ProxyKind.ENVOY, bootstrap, host), observe(ProxyKind.WEIR, bootstrap, host));
    }
  }

  private static String observe(ProxyKind kind, String bootstrap, Backend host) throws IOException {
    try (var proxy = Proxy.start(kind, bootstrap)) {
      var seen = new StringBuilder();
      for (var it : CASES) {
        try (var client = Peer.connect(proxy.port(it.name))) {
          client.send(it.tlvs == null ? new byte[0] : header(it.tlvs));
          client.send("hello\n");
          seen.append(it.name).append(": ");
          if (it.cluster.equals("tunnelled")) {
            try (var accepted = host.accept()) {
              seen.append(head(accepted));
            }
          } else if (it.cluster.equals("introduced")) {
            try (var accepted = host.accept()) {
              client.finish(); // not before, as Envoy's listener filters would give up
              seen.append(HexFormat.of().formatHex(accepted.rest()));
            }
          } else {
            // A FIN or a RST, depending on whether the line was read before the end.
            seen.append(client.line().replaceAll("EOF|RST", "closed"));
          }
        }
        seen.append('\n');
      }
      return seen
          + proxy.stats().entrySet().stream()
              .filter(it ->
                  it.getKey().matches("cluster\\..*(lb_subsets|ssl\\.fail).*") && it.getValue() > 0)
              .map(Object::toString)
              .collect(joining("\n"));
    }
  }

  /// The lines until the first that is empty.
  private static String head(Peer accepted) throws IOException {
    var lines = new StringBuilder();
    for (var line = accepted.line(); !line.equals("\r"); line = accepted.line()) {
      lines.append(line.strip()).append("; ");
    }
    return lines.toString();
  }

  /// A header, of version 2 unless it is told otherwise, from 1.2.3.4:5 to 6.7.8.9:10.
  private static byte[] header(String tlvs) throws IOException {
    if (tlvs.equals("v1")) {
      return "PROXY TCP4 1.2.3.4 6.7.8.9 5 10\r\n".getBytes(StandardCharsets.US_ASCII);
    }
    var fields = new ByteArrayOutputStream();
    for (var tlv : tlvs.isEmpty() ? List.<String>of() : List.of(tlvs.split(" ", -1))) {
      var value = tlv.substring(4).getBytes(StandardCharsets.US_ASCII);
      fields.write(Integer.parseInt(tlv.substring(0, 3)));
      fields.write(0);
      fields.write(value.length);
      fields.write(value);
    }
    var out = new ByteArrayOutputStream();
    out.write(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111"));
    out.write(0);
    out.write(12 + fields.size());
    out.write(HexFormat.of().parseHex("01020304060708090005000a"));
    fields.writeTo(out);
    return out.toByteArray();
  }
}
