package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedStructsTest {
  private static final String URL =
      "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";

  @ParameterizedTest
  @ValueSource(strings = {"udpa.type.v1.TypedStruct", "xds.type.v3.TypedStruct"})
  void aTypedStructStandsForTheMessageThatItDescribes(String type) throws Exception {
    var typed =
        Read.valid(
            """
            "@type": x/%s
            type_url: %s
            value:
              stat_prefix: a
              maxConnectAttempts: 3
              idle_timeout: 0.5s
              weighted_clusters: {clusters: [{name: c, weight: 4294967295}]}
              check_drain_close: true
              cluster: null
            """
                .formatted(type, URL),
            Any.getDefaultInstance());
    var described =
        Read.valid(
            """
            stat_prefix: a
            max_connect_attempts: 3
            idle_timeout: 0.5s
            weighted_clusters: {clusters: [{name: c, weight: 4294967295}]}
            check_drain_close: true
            """,
            TcpProxy.getDefaultInstance());
    assertEquals(described, TypedStructs.unpack(typed, OnUnknown.REJECT));
  }

  @Test
  void anyOtherMessageStandsForItself() throws Exception {
    var tcpProxy = TcpProxy.newBuilder().setStatPrefix("a").build();
    assertEquals(tcpProxy, TypedStructs.unpack(Any.pack(tcpProxy), OnUnknown.REJECT));
    Message unknown =
        com.github.xds.type.v3.TypedStruct.newBuilder().setTypeUrl("x/no.such.Type").build();
    assertEquals(unknown, TypedStructs.unpack(Any.pack(unknown), OnUnknown.REJECT));
  }

  @Test
  void aStructThatDoesNotFitItsTypeIsRefused() {
    var typed =
        Read.valid(
            "{'@type': x/xds.type.v3.TypedStruct, type_url: %s, value: {stat_prefix: 1.5, nope: 1}}"
                .formatted(URL),
            Any.getDefaultInstance());
    var e = assertThrows(WireException.class, () -> TypedStructs.unpack(typed, OnUnknown.REJECT));
    assertEquals(1, e.errors().size());
    assertEquals(
        "nope: no such field in envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
        e.getMessage());
    var unknown = Any.newBuilder().setTypeUrl("x/no.such.Type").build();
    assertEquals(
        "could not find @type 'x/no.such.Type'",
        assertThrows(WireException.class, () -> TypedStructs.unpack(unknown, OnUnknown.REJECT))
            .getMessage());
  }
}
