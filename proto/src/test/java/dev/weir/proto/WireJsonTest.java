package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.envoyproxy.envoy.admin.v3.Certificates;
import io.envoyproxy.envoy.admin.v3.ServerInfo;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class WireJsonTest {
  @Test
  void aMessageIsPrintedAsEnvoyPrintsIt() {
    var bootstrap =
        Read.valid(
            """
            node: {id: x, metadata: {e: {}, l: [], f: [1, {a: b}]}}
            static_resources:
              clusters:
              - name: c
                connect_timeout: 0.25s
                type: EDS
                lb_subset_config: {}
                ring_hash_lb_config: {minimum_ring_size: 5}
                common_lb_config: {healthy_panic_threshold: {value: 33.3}}
                max_requests_per_connection: 7
            """,
            Bootstrap.getDefaultInstance());
    assertEquals(
        """
        {
         "node": {
          "id": "x",
          "metadata": {
           "e": {},
           "l": [],
           "f": [
            1,
            {
             "a": "b"
            }
           ]
          }
         },
         "static_resources": {
          "clusters": [
           {
            "name": "c",
            "type": "EDS",
            "connect_timeout": "0.250s",
            "max_requests_per_connection": 7,
            "lb_subset_config": {},
            "ring_hash_lb_config": {
             "minimum_ring_size": "5"
            },
            "common_lb_config": {
             "healthy_panic_threshold": {
              "value": 33.3
             }
            }
           }
          ]
         }
        }\
        """,
        WireJson.text(bootstrap, WireJson.Layout.PRETTY));
  }

  @Test
  void defaultsAreWrittenOnRequest() throws Exception {
    var certificates = new StringWriter();
    WireJson.write(
        Certificates.getDefaultInstance(),
        WireJson.Layout.PRETTY,
        WireJson.Defaults.WRITE,
        certificates);
    assertEquals("{\n \"certificates\": []\n}", certificates.toString());
    var info = new StringWriter();
    WireJson.write(
        ServerInfo.getDefaultInstance(), WireJson.Layout.COMPACT, WireJson.Defaults.WRITE, info);
    assertEquals(
        "{\"version\":\"\",\"state\":\"LIVE\",\"hot_restart_version\":\"\",\"hot_restart_initializing\":false}",
        info.toString());
  }

  @Test
  void secretsAreHiddenAndWhatCannotBeHiddenIsLeftOut() {
    var secret =
        Read.valid(
            """
            name: s
            tls_certificate:
              certificate_chain: {inline_string: public}
              private_key: {inline_bytes: aGVsbG8=}
              password: {inline_string: hello}
              private_key_provider:
                provider_name: p
                typed_config: {"@type": x/google.protobuf.Struct, value: {a: b, c: [5, null]}}
            """,
            Secret.getDefaultInstance());
    assertEquals(
        "{\"name\":\"s\",\"tls_certificate\":{"
            + "\"certificate_chain\":{\"inline_string\":\"public\"},"
            + "\"private_key\":{\"inline_bytes\":\"W3JlZGFjdGVkXQ==\"},"
            + "\"password\":{\"inline_string\":\"[redacted]\"},"
            + "\"private_key_provider\":{\"provider_name\":\"p\",\"typed_config\":{"
            + "\"@type\":\"x/google.protobuf.Struct\",\"value\":"
            + "{\"a\":\"[redacted]\",\"c\":[\"[redacted]\",null]}}}}}",
        WireJson.text(secret, WireJson.Layout.COMPACT));
  }

  @Test
  void anAnyThatCannotBeReadIsPrintedAsItCame() {
    var unknown =
        Any.newBuilder()
            .setTypeUrl("x/no.such.Type")
            .setValue(ByteString.copyFromUtf8("hi"))
            .build();
    assertEquals(
        "{\"@type\":\"x/no.such.Type\",\"value\":\"aGk=\"}",
        WireJson.text(unknown, WireJson.Layout.COMPACT));
    var broken =
        Any.newBuilder()
            .setTypeUrl("x/envoy.config.cluster.v3.Cluster")
            .setValue(ByteString.copyFrom(new byte[] {10, 127}))
            .build();
    assertEquals(
        "{\"@type\":\"x/envoy.config.cluster.v3.Cluster\",\"value\":\"Cn8=\"}",
        WireJson.text(broken, WireJson.Layout.COMPACT));
  }

  @Test
  void unknownEnumValuesArePrintedAsNumbers() {
    assertEquals(
        "{\"type\":42}",
        WireJson.text(Cluster.newBuilder().setTypeValue(42).build(), WireJson.Layout.COMPACT));
  }

  @Test
  void timesThatAreOutOfRangeArePrintedAllTheSame() {
    var layout = WireJson.Layout.COMPACT;
    assertEquals(
        "\"9223372036854775808.000000001s\"".replace("808", "807"),
        WireJson.text(
            Duration.newBuilder().setSeconds(Long.MAX_VALUE).setNanos(1).build(), layout));
    assertEquals(
        "{\"seconds\":\"9223372036854775807\"}",
        WireJson.text(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build(), layout));
  }
}
