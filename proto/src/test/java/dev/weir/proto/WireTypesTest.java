package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StringValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTypesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "envoy.config.cluster.v3.Cluster",
        "envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget",
        "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
        "envoy.extensions.filters.listener.set_filter_state.v3.Config",
        "envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost",
        "envoy.type.v3.Percent",
        "google.protobuf.StringValue",
        "google.rpc.Status",
        "google.api.expr.v1alpha1.Expr",
        "udpa.type.v1.TypedStruct",
        "xds.type.v3.TypedStruct",
        "xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher",
        "xds.service.orca.v3.OrcaLoadReportRequest",
        "cel.expr.CheckedExpr",
        "opentelemetry.proto.common.v1.AnyValue",
        "io.prometheus.client.MetricFamily",
        "dev.weir.newer.NewerListener.FcdsConfig",
      })
  void aTypeIsFoundByItsName(String name) {
    var prototype = WireTypes.prototype(name);
    assertNotNull(prototype);
    assertEquals(name, prototype.getDescriptorForType().getFullName());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no.such.Type",
        "envoy",
        "envoy.",
        "envoy.config.cluster.v3",
        "envoy.config.cluster.v3.cluster",
        "envoy.config.cluster.v3.ClusterProto",
        "envoy.config.cluster.v3.Cluster.Builder",
        "envoy.config.cluster.v3.Cluster$Builder",
        "envoy.config.cluster.v3.ClusterOrBuilder",
        "envoy.config.cluster.v3.Cluster.DiscoveryType",
        "envoy.config.filter.network.tcp_proxy.v2.TcpProxy",
        "envoy.admin.v2alpha.Clusters",
        "java.lang.String",
        "envoy/../Cluster",
      })
  void whatIsNoMessageTypeIsUnknown(String name) {
    assertNull(WireTypes.prototype(name));
  }

  @Test
  void whatStandsBeforeTheLastSlashOfATypeUrlDoesNotMatter() throws Exception {
    var hello = StringValue.of("hello");
    for (var prefix : new String[] {"type.googleapis.com/", "a/b/", "/", ""}) {
      var any =
          Any.newBuilder()
              .setTypeUrl(prefix + "google.protobuf.StringValue")
              .setValue(hello.toByteString())
              .build();
      assertEquals(hello, WireTypes.unpack(any));
    }
  }

  @Test
  void anUnknownTypeIsNamedByItsUrl() {
    var any = Any.newBuilder().setTypeUrl("type.googleapis.com/no.such.Type").build();
    var e = assertThrows(InvalidProtocolBufferException.class, () -> WireTypes.unpack(any));
    assertEquals("could not find @type 'type.googleapis.com/no.such.Type'", e.getMessage());
  }

  @Test
  void bytesThatAreNoMessageAreRefused() {
    var any =
        Any.newBuilder()
            .setTypeUrl("x/google.protobuf.StringValue")
            .setValue(ByteString.copyFrom(new byte[] {10, 127}))
            .build();
    assertThrows(InvalidProtocolBufferException.class, () -> WireTypes.unpack(any));
  }

  @Test
  void bothTypedStructsAreRecognised() {
    assertTrue(WireTypes.isTypedStruct("udpa.type.v1.TypedStruct"));
    assertTrue(WireTypes.isTypedStruct("xds.type.v3.TypedStruct"));
  }
}
