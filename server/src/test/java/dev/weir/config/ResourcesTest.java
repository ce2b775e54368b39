package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.UnknownFieldSet;
import dev.weir.config.Resources.ClusterDefaults;
import dev.weir.proto.OnUnknown;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourcesTest {
  private static Cluster withUnknownField() {
    return Cluster.newBuilder()
        .setName("c")
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(9999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build())
        .build();
  }

  @Test
  void typesAreCalledAsOnTheWire() {
    var resources = Resources.of(OnUnknown.WARN);
    assertEquals(
        "type.googleapis.com/envoy.config.cluster.v3.Cluster", resources.clusters().typeUrl());
    assertEquals("c", resources.clusters().nameOf().apply(withUnknownField()));
  }

  @Test
  void anUnknownFieldIsRefusedToldOfOrPassedOver() throws Exception {
    var refusal =
        assertThrows(
            InvalidResourceException.class,
            () -> Resources.of(OnUnknown.REJECT).clusters().decoder().decode(withUnknownField()));
    assertNumberIsNamed(refusal.problems());
    assertNumberIsNamed(
        Resources.of(OnUnknown.WARN).clusters().decoder().decode(withUnknownField()).unknown());
    assertEquals(
        List.of(),
        Resources.of(OnUnknown.IGNORE).clusters().decoder().decode(withUnknownField()).unknown());
  }

  private static void assertNumberIsNamed(List<String> said) {
    assertEquals(1, said.size());
    assertTrue(said.getFirst().startsWith("no such field: number 9999"), said::toString);
  }

  @Test
  void defaultsFillWhatAClusterDoesNotSay() throws Exception {
    var bind = Wire.parse("freebind: true", BindConfig.getDefaultInstance());
    var resolver =
        Wire.parse(
            """
            name: r
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig
              resolvers: [{ socket_address: { address: 1.2.3.4, port_value: 53 } }]
            """,
            TypedExtensionConfig.getDefaultInstance());
    var defaults = new ClusterDefaults(bind, resolver);
    var plain = Wire.parse("name: c\ntype: STRICT_DNS\n", Cluster.getDefaultInstance());
    assertEquals(bind, defaults.fill(plain).getUpstreamBindConfig());
    var own = plain.toBuilder().setUpstreamBindConfig(BindConfig.getDefaultInstance()).build();
    assertFalse(defaults.fill(own).getUpstreamBindConfig().hasFreebind());
    var decoded = Resources.of(OnUnknown.WARN, defaults).clusters().decoder().decode(plain);
    var dns = (ClusterConfig.Discovery.StrictDns) decoded.value().discovery();
    assertEquals(List.of(new Address.Socket("1.2.3.4", 53)), dns.dns().options().servers());
  }

  @Test
  void aBrokenRuleOfTheMessageItselfIsToldFromOneInsideIt() {
    assertTrue(refusal("name: l\nmax_connections_to_accept_per_socket_event: 0\n").isMalformed());
    var inside = ListenerDecoderTest.PLAIN.replace("stat_prefix: s", "stat_prefix: ''");
    assertFalse(refusal(inside).isMalformed());
  }

  private static InvalidResourceException refusal(String yaml) {
    var wire = Wire.parse(yaml, Listener.getDefaultInstance());
    return assertThrows(
        InvalidResourceException.class, () -> ListenerDecoder.decode(wire, "some.path[3]"));
  }

  @Test
  void configurationsAreComparedWithoutTheirWarnings() {
    assertEquals(new Checked<>("a", List.of()), new Checked<>("a", List.of("w")));
    assertNotEquals(new Checked<>("a", List.of()), new Checked<>("b", List.of()));
  }
}
