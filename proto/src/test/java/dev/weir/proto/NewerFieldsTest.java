package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.proto.newer.NewerCluster;
import dev.weir.proto.newer.NewerListener;
import dev.weir.proto.newer.NewerTcpProxy;
import dev.weir.proto.newer.NewerTunnelingConfig;
import io.envoyproxy.envoy.config.accesslog.v3.LogTypeFilter;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.TlvEntry;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.pgv.validate.Validate;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewerFieldsTest {
  private static final String TCP_PROXY =
      """
      statPrefix: a
      cluster: c
      maxEarlyDataBytes: 16384
      upstream_connect_mode: on_downstream_data
      max_downstream_connection_duration_jitter_percentage: {value: 20}
      check_drain_close: true
      tunneling_config: {hostname: h, request_id_header: x-id}
      """;

  @Test
  void newerFieldsAreReadByNameAndKeptByNumber() {
    var wire = Read.valid(TCP_PROXY, TcpProxy.getDefaultInstance());
    var newer = NewerFields.of(wire, NewerTcpProxy.getDefaultInstance());
    assertEquals(16384, newer.getMaxEarlyDataBytes().getValue());
    assertEquals(
        NewerTcpProxy.UpstreamConnectMode.ON_DOWNSTREAM_DATA, newer.getUpstreamConnectMode());
    assertEquals(20, newer.getMaxDownstreamConnectionDurationJitterPercentage().getValue());
    assertTrue(newer.getCheckDrainClose().getValue());
    var tunneling =
        NewerFields.of(wire.getTunnelingConfig(), NewerTunnelingConfig.getDefaultInstance());
    assertEquals("x-id", tunneling.getRequestIdHeader());
    assertEquals(List.of(20, 21, 22, 24), List.copyOf(wire.getUnknownFields().asMap().keySet()));
  }

  @Test
  void theySurviveTheWireAndArePrintedByName() throws Exception {
    var wire = Read.valid(TCP_PROXY, TcpProxy.getDefaultInstance());
    var received = TcpProxy.parseFrom(wire.toByteString());
    var json = WireJson.text(received, WireJson.Layout.COMPACT);
    assertEquals(
        "{\"stat_prefix\":\"a\",\"cluster\":\"c\",\"tunneling_config\":{\"hostname\":\"h\","
            + "\"request_id_header\":\"x-id\"},"
            + "\"max_downstream_connection_duration_jitter_percentage\":{\"value\":20},"
            + "\"upstream_connect_mode\":\"ON_DOWNSTREAM_DATA\",\"max_early_data_bytes\":16384,"
            + "\"check_drain_close\":true}",
        json);
    assertEquals(wire, Read.json(json, TcpProxy.getDefaultInstance()));
  }

  @Test
  void theyAreNotUnknown() {
    var wire = Read.valid(TCP_PROXY, TcpProxy.getDefaultInstance());
    assertEquals(List.of(), UnknownFields.find(wire, ""));
    var stranger =
        wire.toBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder(wire.getUnknownFields()).mergeVarintField(77, 1).build())
            .build();
    assertEquals(
        List.of("no such field: number 77 in dev.weir.newer.NewerTcpProxy"),
        UnknownFields.find(stranger, "").stream().map(Violation::message).toList());
  }

  @Test
  void aMessageWithoutThemGivesTheDefaultCompanion() {
    var none = NewerFields.of(Cluster.getDefaultInstance(), NewerCluster.getDefaultInstance());
    assertEquals(NewerCluster.getDefaultInstance(), none);
    assertNull(NewerFields.of(Cluster.getDefaultInstance()));
  }

  @Test
  void bytesThatTheCompanionCannotReadAreUnknown() {
    var broken =
        Listener.newBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(
                        37, // tcp_keepalive
                        UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFrom(new byte[] {10, 127}))
                            .build())
                    .build())
            .build();
    assertEquals(
        NewerListener.getDefaultInstance(),
        NewerFields.of(broken, NewerListener.getDefaultInstance()));
    assertEquals(1, UnknownFields.find(broken, "").size());
  }

  @Test
  void aNewerDeclarationOfAFieldBringsItsOwnRules() {
    var entry = Read.valid("{type: 1, format_string: {}}", TlvEntry.getDefaultInstance());
    assertEquals(
        List.of("format_string.format"), // and not `value`, which had to be set once
        Constraints.check(entry, "").stream().map(Violation::path).toList());
    var checks =
        HealthCheck.newBuilder().setTcpHealthCheck(HealthCheck.TcpHealthCheck.newBuilder());
    var cluster =
        Cluster.newBuilder()
            .setName("c")
            .addAllHealthChecks(Collections.nCopies(9, checks.build()));
    assertEquals(
        "health_checks: must have at most 8 items (got 9)",
        Constraints.check(cluster.build(), "").getFirst().toString());
  }

  @Test
  void aNewerDeclarationOfAFieldBringsItsOwnEnumValues() {
    var filter =
        Read.valid(
            "{types: [tcpConnectionStart, TcpPeriodic, 14]}", LogTypeFilter.getDefaultInstance());
    assertEquals(List.of(14, 2, 14), filter.getTypesValueList());
    assertEquals(List.of(), Constraints.check(filter, ""));
    assertEquals(List.of(), UnknownFields.find(filter, ""));
    assertEquals(
        "{\"types\":[\"TcpConnectionStart\",\"TcpPeriodic\",\"TcpConnectionStart\"]}",
        WireJson.text(filter, WireJson.Layout.COMPACT));
    var stranger = filter.toBuilder().setTypesValue(1, 15).build();
    assertEquals(
        List.of(new Violation("types[1]", "must be a value of AccessLogType (got 15)")),
        Constraints.check(stranger, ""));
    assertEquals(1, UnknownFields.find(stranger, "").size());
  }

  /// The day the API jar knows one of the fields, its companion has to lose it.
  @Test
  void everyCompanionCompletesAMessageAndRepeatsOnlyWhatChanged() {
    NewerFields.COMPANIONS.forEach((owner, name) -> {
      var prototype = WireTypes.prototype(owner);
      assertNotNull(prototype, owner);
      var type = prototype.getDescriptorForType();
      var companion = NewerFields.companion(type);
      assertNotNull(companion, name);
      assertEquals(List.of(), Constraints.check(companion, name));
      for (var newer : companion.getDescriptorForType().getFields()) {
        var older = type.findFieldByNumber(newer.getNumber());
        assertEquals(older, type.findFieldByName(newer.getName()), newer::getFullName);
        if (older != null) {
          assertEquals(older.getType(), newer.getType(), newer::getFullName);
          assertTrue(hasChanged(older, newer), newer::getFullName);
        }
      }
    });
  }

  private static boolean hasChanged(FieldDescriptor older, FieldDescriptor newer) {
    var sameRules =
        older
            .getOptions()
            .getExtension(Validate.rules)
            .equals(newer.getOptions().getExtension(Validate.rules));
    var sameValues =
        older.getJavaType() != FieldDescriptor.JavaType.ENUM
            || older.getEnumType().getValues().size() == newer.getEnumType().getValues().size();
    return !sameRules || !sameValues;
  }
}
