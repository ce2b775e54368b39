package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireErrorsTest {
  @Test
  void everyMistakeOfATextIsToldWithItsPathLineAndColumn() {
    var text =
        """
        nonsense: 1
        static_resources:
          listeners:
          - name: 5
            filter_chains:
            - filters:
              - name: tcp
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                  statPrefix: a
                  weighted_clusters:
                    clusters:
                    - {name: one, weight: 1.5}
                    - {name: two, weight: -1, wait: 2}
                  access_log:
                  - typed_config: {"@type": type.googleapis.com/no.such.Type}
                  hash_policy: [{source_ip: {}, filter_state: {}}]
          clusters:
          - type: FOO
            connect_timeout: 5
        """;
    assertEquals(
        """
        nonsense: no such field in envoy.config.bootstrap.v3.Bootstrap (line 1, column 1)
        static_resources.listeners[0].name: must be a string (got the number 5): quote it (line 4, column 5)
        static_resources.listeners[0].filter_chains[0].filters[0].typed_config.weighted_clusters.clusters[0].weight: must be a whole number (got the text '1.5') (line 13, column 27)
        static_resources.listeners[0].filter_chains[0].filters[0].typed_config.weighted_clusters.clusters[1].weight: must be from 0 to 4294967295 (got the number -1) (line 14, column 27)
        static_resources.listeners[0].filter_chains[0].filters[0].typed_config.weighted_clusters.clusters[1].wait: no such field in envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.WeightedCluster.ClusterWeight (line 14, column 39)
        static_resources.listeners[0].filter_chains[0].filters[0].typed_config.access_log[0].typed_config: could not find @type 'type.googleapis.com/no.such.Type' (line 16, column 37)
        static_resources.listeners[0].filter_chains[0].filters[0].typed_config.hash_policy[0].filter_state: only one of it and source_ip may be set (line 17, column 41)
        static_resources.clusters[0].type: unknown enum value 'FOO' (line 19, column 5)
        static_resources.clusters[0].connect_timeout: must be a duration in seconds, such as 1.5s (got the number 5) (line 20, column 5)
        """,
        errors(text, WireFormat.YAML, Bootstrap.getDefaultInstance()));
  }

  @Test
  void jsonHasLinesAndColumnsToo() {
    var text =
        """
        {"node": {"id": 5,
                  "metadata": {"a": [1, 2.5e3, null, true, "x"]}},
         "static_resources": {"clusters": [{}, {"nam\\u0065": false}]}}
        """;
    assertEquals(
        """
        node.id: must be a string (got the number 5): quote it (line 1, column 11)
        static_resources.clusters[1].name: must be a string (got the boolean false): quote it (line 3, column 41)
        """,
        errors(text, WireFormat.JSON, Bootstrap.getDefaultInstance()));
  }

  /// Each was refused by Envoy 1.40.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {AltStatName: x}                | AltStatName: no such field in envoy.config.cluster.v3.Cluster; is altStatName meant? (line 1, column 2)
          {alt_start_name: x}             | alt_start_name: no such field in envoy.config.cluster.v3.Cluster; is alt_stat_name meant? (line 1, column 2)
          {nonsense: x}                   | nonsense: no such field in envoy.config.cluster.v3.Cluster (line 1, column 2)
          {alt_stat_name: [x]}            | alt_stat_name: must be a string (got a list) (line 1, column 2)
          {alt_stat_name: {a: b}}         | alt_stat_name: must be a string (got an object) (line 1, column 2)
          {type: strict-dns}              | type: unknown enum value 'strict-dns' (line 1, column 2)
          {type: ""}                      | type: unknown enum value '' (line 1, column 2)
          {type: 1.0}                     | type: unknown enum value '1.0' (line 1, column 2)
          {type: true}                    | type: must be a name or a number of DiscoveryType (got the boolean true) (line 1, column 2)
          {type: [STATIC]}                | type: must be a name or a number of DiscoveryType (got a list) (line 1, column 2)
          {respect_dns_ttl: 1}            | respect_dns_ttl: must be true or false (got the number 1) (line 1, column 2)
          {respect_dns_ttl: x}            | respect_dns_ttl: must be true or false (got the text 'x') (line 1, column 2)
          {connect_timeout: "5"}          | connect_timeout: must be a duration in seconds, such as 1.5s (got the text '5') (line 1, column 2)
          {connect_timeout: .5s}          | connect_timeout: must be a duration in seconds, such as 1.5s (got the text '.5s') (line 1, column 2)
          {connect_timeout: 1S}           | connect_timeout: must be a duration in seconds, such as 1.5s (got the text '1S') (line 1, column 2)
          {connect_timeout: +1s}          | connect_timeout: must be a duration in seconds, such as 1.5s (got the text '+1s') (line 1, column 2)
          {connect_timeout: ""}           | connect_timeout: must be a duration in seconds, such as 1.5s (got the text '') (line 1, column 2)
          {connect_timeout: 1.1234567891s} | connect_timeout: must be a duration in seconds, such as 1.5s (got the text '1.1234567891s') (line 1, column 2)
          {connect_timeout: 315576000001s} | connect_timeout: must be a duration in seconds, such as 1.5s (got the text '315576000001s') (line 1, column 2)
          {connect_timeout: [1s]}         | connect_timeout: must be a duration in seconds, such as 1.5s (got a list) (line 1, column 2)
          {load_assignment: [{}]}         | load_assignment: must be an object (got a list) (line 1, column 2)
          {load_assignment: x}            | load_assignment: must be an object (got the text 'x') (line 1, column 2)
          {lb_subset_config: ""}          | lb_subset_config: must be an object (got the text '') (line 1, column 2)
          {ring_hash_lb_config: {}, ringHashLbConfig: {}} | ring_hash_lb_config: only one of it and ring_hash_lb_config may be set (line 1, column 27)
          {ring_hash_lb_config: {}, maglev_lb_config: {}} | maglev_lb_config: only one of it and ring_hash_lb_config may be set (line 1, column 27)
          {metadata: {filter_metadata: [a]}} | metadata.filter_metadata: must be an object (got a list) (line 1, column 13)
          {metadata: {filter_metadata: {a: x}}} | metadata.filter_metadata["a"]: must be an object (got the text 'x') (line 1, column 31)
          {<<: {alt_stat_name: x}}        | <<: no such field in envoy.config.cluster.v3.Cluster (line 1, column 2)
          {metadata: {typed_filter_metadata: {a: {b: c}}}} | metadata.typed_filter_metadata["a"]: @type is missing (line 1, column 37)
          {metadata: {typed_filter_metadata: {a: {"@type": 5}}}} | metadata.typed_filter_metadata["a"]: @type must be a string (got the number 5) (line 1, column 37)
          {metadata: {typed_filter_metadata: {a: {"@type": ""}}}} | metadata.typed_filter_metadata["a"]: @type must be HOST/TYPE (got '') (line 1, column 50)
          {metadata: {typed_filter_metadata: {a: {"@type": /google.protobuf.Empty}}}} | metadata.typed_filter_metadata["a"]: @type must be HOST/TYPE (got '/google.protobuf.Empty') (line 1, column 50)
          {metadata: {typed_filter_metadata: {a: {"@type": x/}}}} | metadata.typed_filter_metadata["a"]: could not find @type 'x/' (line 1, column 50)
          {metadata: {typed_filter_metadata: {a: [{"@type": x/google.protobuf.Empty}]}}} | metadata.typed_filter_metadata["a"]: must be an object (got a list) (line 1, column 37)
          {metadata: {typed_filter_metadata: {a: {"@type": x/google.protobuf.StringValue, val: x}}}} | metadata.typed_filter_metadata["a"].val: beside @type, this type has but a value (line 1, column 81)
          {metadata: {typed_filter_metadata: {a: {"@type": x/google.protobuf.Empty, value: {}}}}} | metadata.typed_filter_metadata["a"].value: no such field in google.protobuf.Empty (line 1, column 75)
          {metadata: {typed_filter_metadata: {a: {"@type": x/google.protobuf.BytesValue, value: a}}}} | metadata.typed_filter_metadata["a"].value: must be base64 (line 1, column 80)
          {metadata: {typed_filter_metadata: {a: {"@type": x/google.protobuf.FloatValue, value: 1e39}}}} | metadata.typed_filter_metadata["a"].value: is out of range (got the text '1e39') (line 1, column 80)
          {metadata: {typed_filter_metadata: {a: {"@type": x/google.protobuf.Int32Value, value: 2147483648}}}} | metadata.typed_filter_metadata["a"].value: must be from -2147483648 to 2147483647 (got the number 2147483648) (line 1, column 80)
          {metadata: {typed_filter_metadata: {a: {"@type": x/google.protobuf.Timestamp, value: 2020-01-01}}}} | metadata.typed_filter_metadata["a"].value: must be a time such as 2026-01-31T12:00:00Z (got the text '2020-01-01') (line 1, column 79)
          {metadata: {typed_filter_metadata: {a: {"@type": x/google.protobuf.ListValue, value: x}}}} | metadata.typed_filter_metadata["a"].value: must be a list (got the text 'x') (line 1, column 79)
          """)
  void aMistakenValueIsNamed(String yaml, String error) {
    assertEquals(error + "\n", errors(yaml, WireFormat.YAML, Cluster.getDefaultInstance()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``              | the text is empty
          `# only this`   | the text is empty
          ~               | must be an object (got null) (line 1, column 1)
          hello           | must be an object (got the text 'hello') (line 1, column 1)
          - a             | must be an object (got a list) (line 1, column 1)
          {a: [           | not YAML: expected the node content, but found '<stream end>' (line 1, column 6)
          a: %X           | not YAML: found character '%' that cannot start any token. (Do not use % for indentation) (line 1, column 4)
          a: *x           | the anchor 'x' is not defined here (line 1, column 4)
          {? [a] : b}     | a key must be a scalar (line 1, column 4)
          """)
  void aTextThatIsNoYamlObjectIsRefused(String yaml, String error) {
    assertTrue(
        errors(yaml, WireFormat.YAML, Cluster.getDefaultInstance()).startsWith(error),
        () -> errors(yaml, WireFormat.YAML, Cluster.getDefaultInstance()));
  }

  @Test
  void nestingHasALimitAlsoThroughAliases() {
    var deep = "[".repeat(98) + "]".repeat(98);
    var yaml = "{metadata: {filter_metadata: {a: {b: " + deep + "}}}}";
    assertTrue(errors(yaml, WireFormat.YAML, Cluster.getDefaultInstance()).contains("100 levels"));
    assertTrue(errors(yaml, WireFormat.JSON, Cluster.getDefaultInstance()).contains("100 levels"));
    var aliases = new StringBuilder("a0: &a0 [x]\n");
    for (var i = 1; i < 120; i++) {
      aliases.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
    }
    assertTrue(
        errors(aliases.toString(), WireFormat.YAML, Cluster.getDefaultInstance())
            .contains("100 levels"));
  }

  @Test
  void aliasesCannotBlowATextUp() {
    var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (var i = 1; i < 10; i++) {
      text.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(10)));
    }
    assertTrue(
        errors(text.toString(), WireFormat.YAML, Cluster.getDefaultInstance())
            .contains("too large"));
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    var bytes = ByteString.copyFrom(new byte[] {(byte) 0xc3, 0x28});
    var e =
        assertThrows(
            WireException.class,
            () ->
                WireText.parse(
                    bytes, WireFormat.YAML, Cluster.getDefaultInstance(), OnUnknown.REJECT));
    assertEquals("not UTF-8", e.getMessage());
  }

  private static String errors(String text, WireFormat format, Message prototype) {
    var e =
        assertThrows(
            WireException.class, () -> WireText.parse(text, format, prototype, OnUnknown.REJECT));
    return e.errors().stream().map(error -> error + "\n").collect(Collectors.joining());
  }
}
