package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTextTest {
  /// What Envoy 1.40 made of each text, told by the JSON of what it should be the same as.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          alt_stat_name: a                       | {"altStatName": "a"}
          altStatName: a                         | {"altStatName": "a"}
          {altStatName: a, alt_stat_name: b}     | {"altStatName": "b"}
          {alt_stat_name: a, alt_stat_name: b}   | {"altStatName": "b"}
          {alt_stat_name: a, altStatName: null}  | {"altStatName": "a"}
          {type: static}                         | {"type": "STATIC"}
          {type: Strict_Dns}                     | {"type": "STRICT_DNS"}
          {type: 1}                              | {"type": "STRICT_DNS"}
          {type: "1"}                            | {"type": "STRICT_DNS"}
          {type: 99}                             | {"type": 99}
          {type: null}                           | {}
          {respect_dns_ttl: "yes"}               | {"respectDnsTtl": true}
          {respect_dns_ttl: "1"}                 | {"respectDnsTtl": true}
          {respect_dns_ttl: on}                  | {"respectDnsTtl": true}
          {respect_dns_ttl: "false"}             | {"respectDnsTtl": false}
          {wait_for_warm_on_init: {value: true}} | {"waitForWarmOnInit": true}
          {connect_timeout: 1s}                  | {"connectTimeout": "1s"}
          {connect_timeout: 1.5s}                | {"connectTimeout": "1.5s"}
          {connect_timeout: 01s}                 | {"connectTimeout": "1s"}
          {connect_timeout: -1.5s}               | {"connectTimeout": "-1.5s"}
          {connect_timeout: {seconds: 3}}        | {"connectTimeout": "3s"}
          {connect_timeout: 1h}                  | {"connectTimeout": "3600s"}
          {connect_timeout: 60m}                 | {"connectTimeout": "3600s"}
          {connect_timeout: 500ms}               | {"connectTimeout": "0.5s"}
          {connect_timeout: 1h30m5.5s}           | {"connectTimeout": "5405.5s"}
          {health_checks: null}                  | {}
          {dns_resolvers: [null]}                | {"dnsResolvers": [{}]}
          {common_lb_config: {locality_weighted_lb_config: null}} | {"commonLbConfig": {}}
          {load_assignment: {cluster_name: c, policy: {overprovisioning_factor: 120}}, loadAssignment: {clusterName: d}} | {"loadAssignment": {"clusterName": "d", "policy": {"overprovisioningFactor": 120}}}
          {lb_subset_config: {subset_selectors: {keys: a}}} | {"lbSubsetConfig": {"subsetSelectors": [{"keys": ["a"]}]}}
          {lb_subset_config: {subset_selectors: {keys: [a, [b]]}}} | {"lbSubsetConfig": {"subsetSelectors": [{"keys": ["a", "b"]}]}}
          {lb_subset_config: {subset_selectors: {keys: [a, null]}}} | {"lbSubsetConfig": {"subsetSelectors": [{"keys": ["a", ""]}]}}
          {lb_subset_config: {subset_selectors: [{keys: a}], subsetSelectors: [{keys: b}]}} | {"lbSubsetConfig": {"subsetSelectors": [{"keys": ["a"]}, {"keys": ["b"]}]}}
          {maglev_lb_config: null, ring_hash_lb_config: {minimum_ring_size: 1}} | {"ringHashLbConfig": {"minimumRingSize": 1}}
          {preconnect_policy: {per_upstream_preconnect_ratio: 1.5}} | {"preconnectPolicy": {"perUpstreamPreconnectRatio": 1.5}}
          {metadata: {filter_metadata: {a: {i: 5, f: 1.5, b: true, n: null, l: [1, a, null], m: {x: 0x10}}}}} | {"metadata": {"filterMetadata": {"a": {"i": 5, "f": "1.5", "b": true, "n": null, "l": [1, "a", null], "m": {"x": 16}}}}}
          {metadata: {filter_metadata: {a: null}}} | {"metadata": {"filterMetadata": {"a": {}}}}
          {metadata: {filter_metadata: {1: {a: b}, ~: {c: d}, true: {}}}} | {"metadata": {"filterMetadata": {"1": {"a": "b"}, "null": {"c": "d"}, "true": {}}}}
          {metadata: {filter_metadata: {a: {x: 1, x: 2}}}} | {"metadata": {"filterMetadata": {"a": {"x": 2}}}}
          {metadata: {filter_metadata: {a: {x: 1}, a: {y: 2}}}} | {"metadata": {"filterMetadata": {"a": {"y": 2}}}}
          {metadata: {filter_metadata: {a: {x: 1}}, filterMetadata: {b: {}}}} | {"metadata": {"filterMetadata": {"a": {"x": 1}, "b": {}}}}
          {metadata: {filter_metadata: {a: &x {k: v}, b: *x, c: {<<: *x}}}} | {"metadata": {"filterMetadata": {"a": {"k": "v"}, "b": {"k": "v"}, "c": {"<<": {"k": "v"}}}}}
          """)
  void aTextIsReadAsEnvoyReadsIt(String yaml, String json) throws Exception {
    var expected = Cluster.newBuilder();
    JsonFormat.parser().merge(json, expected);
    assertEquals(expected.build(), Read.yaml(yaml, Cluster.getDefaultInstance()));
  }

  /// What an `Any` in the cluster's metadata may look like; the same in Envoy 1.40's own dump.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"@type": x/google.protobuf.StringValue, value: a} | {"@type": "x/google.protobuf.StringValue", "value": "a"}
          {value: a, "@type": x/y/google.protobuf.StringValue} | {"@type": "x/y/google.protobuf.StringValue", "value": "a"}
          {"@type": x/google.protobuf.StringValue} | {"@type": "x/google.protobuf.StringValue", "value": ""}
          {"@type": x/google.protobuf.StringValue, value: null} | {"@type": "x/google.protobuf.StringValue", "value": ""}
          {"@type": x/google.protobuf.UInt32Value, value: {value: 5}} | {"@type": "x/google.protobuf.UInt32Value", "value": 5}
          {"@type": x/google.protobuf.Int64Value, value: "-9223372036854775808"} | {"@type": "x/google.protobuf.Int64Value", "value": "-9223372036854775808"}
          {"@type": x/google.protobuf.UInt64Value, value: 18446744073709551615} | {"@type": "x/google.protobuf.UInt64Value", "value": "18446744073709551615"}
          {"@type": x/google.protobuf.BytesValue, value: aGk} | {"@type": "x/google.protobuf.BytesValue", "value": "aGk="}
          {"@type": x/google.protobuf.BytesValue, value: "_-8="} | {"@type": "x/google.protobuf.BytesValue", "value": "/+8="}
          {"@type": x/google.protobuf.DoubleValue, value: NaN} | {"@type": "x/google.protobuf.DoubleValue", "value": "NaN"}
          {"@type": x/google.protobuf.DoubleValue, value: "-inf"} | {"@type": "x/google.protobuf.DoubleValue", "value": "-Infinity"}
          {"@type": x/google.protobuf.DoubleValue, value: "0X1F"} | {"@type": "x/google.protobuf.DoubleValue", "value": 31}
          {"@type": x/google.protobuf.DoubleValue, value: 1e21} | {"@type": "x/google.protobuf.DoubleValue", "value": 1e+21}
          {"@type": x/google.protobuf.DoubleValue, value: 1e-7} | {"@type": "x/google.protobuf.DoubleValue", "value": 1e-07}
          {"@type": x/google.protobuf.DoubleValue, value: 123456789012} | {"@type": "x/google.protobuf.DoubleValue", "value": 123456789012}
          {"@type": x/google.protobuf.DoubleValue, value: 0.1} | {"@type": "x/google.protobuf.DoubleValue", "value": 0.1}
          {"@type": x/google.protobuf.FloatValue, value: 1.1} | {"@type": "x/google.protobuf.FloatValue", "value": 1.1}
          {"@type": x/google.protobuf.FloatValue, value: 16777217} | {"@type": "x/google.protobuf.FloatValue", "value": 16777216}
          {"@type": x/google.protobuf.FloatValue, value: "3.4028235e38"} | {"@type": "x/google.protobuf.FloatValue", "value": 3.40282347e+38}
          {"@type": x/google.protobuf.Duration, value: 0.25s} | {"@type": "x/google.protobuf.Duration", "value": "0.250s"}
          {"@type": x/google.protobuf.Duration, value: {seconds: 1, nanos: 5}} | {"@type": "x/google.protobuf.Duration", "value": "1.000000005s"}
          {"@type": x/google.protobuf.Timestamp, value: 2020-01-01T00:00:00+01:30} | {"@type": "x/google.protobuf.Timestamp", "value": "2019-12-31T22:30:00Z"}
          {"@type": x/google.protobuf.Timestamp, value: {seconds: 5}} | {"@type": "x/google.protobuf.Timestamp", "value": "1970-01-01T00:00:05Z"}
          {"@type": x/google.protobuf.FieldMask, value: "a.bC,d"} | {"@type": "x/google.protobuf.FieldMask", "value": "a.bC,d"}
          {"@type": x/google.protobuf.FieldMask, value: {paths: [a_b]}} | {"@type": "x/google.protobuf.FieldMask", "value": "aB"}
          {"@type": x/google.protobuf.Struct, value: {x: 1}} | {"@type": "x/google.protobuf.Struct", "value": {"x": 1}}
          {"@type": x/google.protobuf.Value, value: null} | {"@type": "x/google.protobuf.Value", "value": null}
          {"@type": x/google.protobuf.Value, value: [[]]} | {"@type": "x/google.protobuf.Value", "value": [[]]}
          {"@type": x/google.protobuf.ListValue, value: [1, 2]} | {"@type": "x/google.protobuf.ListValue", "value": [1, 2]}
          {"@type": x/google.protobuf.ListValue, value: {values: [1]}} | {"@type": "x/google.protobuf.ListValue", "value": [1]}
          {"@type": x/google.protobuf.Empty} | {"@type": "x/google.protobuf.Empty"}
          {"@type": x/google.protobuf.Any, value: {"@type": x/google.protobuf.StringValue, value: a}} | {"@type": "x/google.protobuf.Any", "value": {"@type": "x/google.protobuf.StringValue", "value": "a"}}
          {"@type": x/google.protobuf.Empty, "@type": x/google.protobuf.BoolValue} | {"@type": "x/google.protobuf.BoolValue", "value": false}
          {"@type": x/udpa.type.v1.TypedStruct, type_url: a/b, value: {c: d}} | {"@type": "x/udpa.type.v1.TypedStruct", "type_url": "a/b", "value": {"c": "d"}}
          {"@type": x/envoy.type.v3.Percent, value: 5} | {"@type": "x/envoy.type.v3.Percent", "value": 5}
          {} | {}
          null | {}
          """)
  void anAnyIsReadAndPrintedAsEnvoyDoes(String yaml, String json) throws Exception {
    var metadata =
        Read.yaml(
                "{metadata: {typed_filter_metadata: {a: " + yaml + "}}}",
                Cluster.getDefaultInstance())
            .getMetadata();
    var any = metadata.getTypedFilterMetadataOrThrow("a");
    var compact = json.replace("\": ", "\":").replace(", ", ",");
    assertEquals(compact, WireJson.text(any, WireJson.Layout.COMPACT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "---\n{id: a, cluster: b}\n",
        "---\n{id: a, cluster: b}\n...\n",
        "\uFEFFid: a\ncluster: b",
        "id: a\r\ncluster: b\r\n",
        "id:\ta\ncluster:\tb\n",
        "%YAML 1.1\n---\nid: a\ncluster: b\n",
        "id: a # why\ncluster: !!str b",
        "{\"id\":a,\"cluster\":\"\\x62\"}",
      })
  void yamlIsReadInAnyDress(String text) throws Exception {
    var content = ByteString.copyFromUtf8(text);
    var node =
        WireText.parse(content, WireFormat.YAML, Node.getDefaultInstance(), OnUnknown.REJECT);
    assertEquals(Node.newBuilder().setId("a").setCluster("b").build(), node.message());
  }

  @Test
  void ofSeveralDocumentsTheFirstIsReadAndTheOthersAreSaidToBeLeftOut() throws Exception {
    var parsed =
        WireText.parse(
            "id: a\n---\nid: b\n", WireFormat.YAML, Node.getDefaultInstance(), OnUnknown.REJECT);
    assertEquals("a", parsed.message().getId());
    assertEquals(
        List.of(new WireError("", 2, 1, "only the first document of the text is read")),
        parsed.warnings());
  }

  @Test
  void aLooseDurationIsReadWithAWarning() throws Exception {
    var parsed =
        WireText.parse(
            "name: c\nconnect_timeout: 1h\n",
            WireFormat.YAML,
            Cluster.getDefaultInstance(),
            OnUnknown.REJECT);
    assertEquals(
        List.of(
            new WireError(
                "connect_timeout", 2, 1, "'1h' is read as 3600s, which Envoy would not do")),
        parsed.warnings());
  }

  @Test
  void unknownFieldsAndEnumValuesAreReportedOrNotAsAsked() throws Exception {
    var text = "{name: c, typ: STATIC, type: FOO, load_assignment: {nope: {a: b}}}";
    var warned =
        WireText.parse(text, WireFormat.YAML, Cluster.getDefaultInstance(), OnUnknown.WARN);
    assertEquals(Read.json("{name: 'c', load_assignment: {}}", warned.message()), warned.message());
    assertEquals(
        List.of("typ", "type", "load_assignment.nope"),
        warned.unknown().stream().map(WireError::path).toList());
    var ignored =
        WireText.parse(text, WireFormat.YAML, Cluster.getDefaultInstance(), OnUnknown.IGNORE);
    assertEquals(warned.message(), ignored.message());
    assertEquals(List.of(), ignored.unknown());
    assertThrows(WireException.class, () -> Read.yaml(text, Cluster.getDefaultInstance()));
  }

  @Test
  void aLaterErrorFindsTheLineOfItsField() throws Exception {
    var text =
        """
        static_resources:
          clusters:
          - name: a
          - name: b
            metadata:
              filter_metadata:
                envoy.lb: {x: [1,
                  2]}
        """;
    var positions =
        WireText.parse(text, WireFormat.YAML, Bootstrap.getDefaultInstance(), OnUnknown.REJECT)
            .positions();
    var clusters = "static_resources.clusters";
    assertEquals(new Positions.Position(2, 3), positions.find(clusters));
    assertEquals(new Positions.Position(4, 5), positions.find(clusters + "[1]"));
    assertEquals(new Positions.Position(4, 5), positions.find(clusters + "[1].name"));
    assertEquals(new Positions.Position(4, 5), positions.find(clusters + "[1].lb_policy"));
    var metadata = clusters + "[1].metadata.filter_metadata[\"envoy.lb\"]";
    assertEquals(new Positions.Position(7, 9), positions.find(metadata));
    assertEquals(new Positions.Position(8, 11), positions.find(metadata + "[\"x\"][1]"));
    assertEquals(
        new WireError(clusters + "[0].name", 3, 5, "no"),
        positions.locate(new Violation(clusters + "[0].name", "no")));
    assertEquals(Positions.Position.UNKNOWN, Positions.NONE.find("name"));
  }

  @Test
  void mergingMergesMessagesAppendsListsAndReplacesValues() {
    var base =
        Read.valid(
            """
            node: {id: a, cluster: b}
            static_resources: {clusters: [{name: one}]}
            """,
            Bootstrap.getDefaultInstance());
    var over =
        Read.valid(
            """
            node: {id: z}
            static_resources: {clusters: [{name: two}]}
            """,
            Bootstrap.getDefaultInstance());
    assertEquals(
        Read.valid(
            """
            node: {id: z, cluster: b}
            static_resources: {clusters: [{name: one}, {name: two}]}
            """,
            Bootstrap.getDefaultInstance()),
        WireText.merge(base, over));
  }

  @Test
  void binaryAndTextFormatAreReadToo() throws Exception {
    var cluster =
        Read.valid(
            """
            name: c
            metadata:
              typed_filter_metadata: {a: {"@type": x/envoy.config.core.v3.Node, id: me}}
            """,
            Cluster.getDefaultInstance());
    for (var format : List.of(WireFormat.PB, WireFormat.PB_TEXT)) {
      var content =
          format == WireFormat.PB
              ? cluster.toByteString()
              : ByteString.copyFromUtf8(TextFormat.printer().printToString(cluster));
      var parsed = WireText.parse(content, format, Cluster.getDefaultInstance(), OnUnknown.REJECT);
      assertEquals(cluster, parsed.message());
    }
    var unfolded =
        """
        metadata { typed_filter_metadata { key: "a" value {
          [x/envoy.config.core.v3.Node] { id: "me" } } } } name: "c"
        """;
    var parsed =
        WireText.parse(
            unfolded, WireFormat.PB_TEXT, Cluster.getDefaultInstance(), OnUnknown.REJECT);
    assertEquals(cluster, parsed.message());
  }

  @Test
  void unknownFieldsOfBinaryFormAreFoundByNumber() throws Exception {
    var bytes = ByteString.copyFrom(new byte[] {10, 1, 'c', (byte) 0xf8, 0x7f, 1}); // name, 2047
    var prototype = Node.getDefaultInstance();
    var parsed = WireText.parse(bytes, WireFormat.PB, prototype, OnUnknown.WARN);
    assertEquals("c", parsed.message().getId());
    assertEquals(1, parsed.unknown().size());
    var e =
        assertThrows(
            WireException.class,
            () -> WireText.parse(bytes, WireFormat.PB, prototype, OnUnknown.REJECT));
    assertTrue(e.getMessage().contains("number 2047 in envoy.config.core.v3.Node"));
  }

  @ParameterizedTest
  @CsvSource({"a.yaml,YAML", "a.yml,YAML", "/x.y/a.JSON,JSON", "a.pb,PB", "a.pb_text,PB_TEXT"})
  void theFormIsToldByTheFilesEnding(String file, WireFormat format) {
    assertEquals(format, WireFormat.ofFile(file));
  }
}
