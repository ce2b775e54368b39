package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Any;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The searches for unknown and for deprecated fields.
class FieldSearchTest {
  @Test
  void unknownFieldsAreFoundWhereverTheyAre() {
    var node = Node.newBuilder().setId("x").setUnknownFields(field(999)).build();
    var cluster =
        Cluster.newBuilder()
            .setName("c")
            .setTypeValue(42)
            .setMetadata(
                Metadata.newBuilder()
                    .putTypedFilterMetadata("a", Any.pack(node))
                    .putTypedFilterMetadata(
                        "b", Any.newBuilder().setTypeUrl("x/no.such.Type").build()))
            .setUnknownFields(field(60)) // which is newer, not unknown
            .build();
    assertEquals(
        List.of(
            "c.type: unknown enum value 42",
            "c.metadata.typed_filter_metadata[\"a\"]:"
                + " no such field: number 999 in envoy.config.core.v3.Node"),
        UnknownFields.find(cluster, "c").stream().map(Violation::toString).toList());
  }

  @Test
  void aMessageOfKnownFieldsHasNone() {
    assertEquals(List.of(), UnknownFields.find(Bootstrap.getDefaultInstance(), ""));
  }

  @Test
  void deprecatedFieldsAndValuesAreFound() {
    var bootstrap =
        Read.valid(
            """
            use_tcp_for_dns_lookups: true
            watchdog: {}
            static_resources:
              clusters:
              - {name: a, lb_policy: CLUSTER_PROVIDED, http2_protocol_options: {}}
              - name: b
                typed_extension_protocol_options:
                  x:
                    "@type": x/envoy.config.core.v3.SubstitutionFormatString
                    text_format: x
            """,
            Bootstrap.getDefaultInstance());
    assertEquals(
        List.of(
            "watchdog: is deprecated",
            "use_tcp_for_dns_lookups: is deprecated",
            "static_resources.clusters[0].http2_protocol_options: is deprecated",
            "static_resources.clusters[1].typed_extension_protocol_options[\"x\"].text_format:"
                + " is deprecated"),
        DeprecatedFields.find(bootstrap, "").stream().map(Violation::toString).toList());
  }

  private static UnknownFieldSet field(int number) {
    return UnknownFieldSet.newBuilder()
        .addField(
            number,
            UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(com.google.protobuf.ByteString.EMPTY)
                .build())
        .build();
  }
}
