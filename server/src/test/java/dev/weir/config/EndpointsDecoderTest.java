package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.EndpointsConfig.EndpointConfig;
import dev.weir.config.EndpointsConfig.HealthCheckAddress;
import dev.weir.config.EndpointsConfig.HealthStatus;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.EndpointsConfig.LocalityEndpoints;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EndpointsDecoderTest {
  private static EndpointsConfig decode(String yaml) {
    return Wire.decode(
            "cluster_name: c\n" + yaml,
            ClusterLoadAssignment.getDefaultInstance(),
            EndpointsDecoder::decode)
        .value();
  }

  @Test
  void noEndpointsIsAnAnswerToo() {
    assertEquals(EndpointsConfig.none("c"), decode(""));
  }

  @Test
  void everyFieldIsRead() {
    var metadata = new Metadata(Map.of("envoy.lb", Map.of("env", new MetadataValue.Text("hema"))));
    assertEquals(
        new EndpointsConfig(
            "c",
            List.of(
                new LocalityEndpoints(
                    new Locality("r", "z", "s"),
                    2,
                    3,
                    Metadata.NONE,
                    List.of(
                        new EndpointConfig(
                            new Address.Socket("127.0.0.1", 1),
                            List.of(new Address.Socket("::1", 1)),
                            "h",
                            4,
                            HealthStatus.DRAINING,
                            metadata,
                            new HealthCheckAddress(null, 8080, "hc", true))))),
            200,
            true,
            Duration.ofSeconds(9)),
        decode(
            """
            endpoints:
            - locality: { region: r, zone: z, sub_zone: s }
              priority: 2
              load_balancing_weight: 3
              lb_endpoints:
              - endpoint:
                  address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
                  additional_addresses:
                  - address: { socket_address: { address: "::1", port_value: 1 } }
                  hostname: h
                  health_check_config:
                    port_value: 8080
                    hostname: hc
                    disable_active_health_check: true
                load_balancing_weight: 4
                health_status: DRAINING
                metadata: { filter_metadata: { envoy.lb: { env: hema } } }
            policy:
              overprovisioning_factor: 200
              weighted_priority_health: true
              endpoint_stale_after: 9s
            """));
  }

  @Test
  void metadataKeepsItsTypes() {
    var struct =
        """
        endpoints:
        - metadata:
            filter_metadata:
              x: { t: text, n: 1, s: "1", b: true, z: ~, l: [1, { a: b }] }
        """;
    var metadata = decode(struct).localities().getFirst().metadata();
    assertEquals(
        Map.of(
            "t", new MetadataValue.Text("text"),
            "n", new MetadataValue.Numeric(1),
            "s", new MetadataValue.Text("1"),
            "b", new MetadataValue.Bool(true),
            "z", new MetadataValue.Null(),
            "l",
                new MetadataValue.Items(
                    List.of(
                        new MetadataValue.Numeric(1),
                        new MetadataValue.Fields(Map.of("a", new MetadataValue.Text("b")))))),
        metadata.in("x"));
  }

  static Stream<Arguments> verdicts() {
    return Tables.cases(
        """
        ok
        endpoints: [{ priority: 128, lb_endpoints: [] }]
        ---
        endpoints[0].priority
        endpoints: [{ priority: 129 }]
        ---
        endpoints[0].lb_endpoints[1].endpoint.address.socket_address: malformed IP address: foo. Consider setting resolver_name
        endpoints:
        - lb_endpoints:
          - endpoint: { address: { pipe: { path: /a } } }
          - endpoint: { address: { socket_address: { address: foo, port_value: 1 } } }
        ---
        endpoints[0].lb_endpoints[0].endpoint.address: Address must be set. Consider setting
        endpoints: [{ lb_endpoints: [{ endpoint_name: x }] }]
        ---
        endpoints[0].lb_endpoints[0].endpoint.address.envoy_internal_address: not supported
        endpoints: [{ lb_endpoints: [{ endpoint: { address: { envoy_internal_address: { server_listener_name: x } } } }] }]
        ---
        endpoints[0].lb_endpoints[0].load_balancing_weight
        endpoints: [{ lb_endpoints: [{ load_balancing_weight: 0 }] }]
        ---
        endpoints[0].leds_cluster_locality_config: not supported
        endpoints: [{ leds_cluster_locality_config: {} }]
        ---
        policy: Cluster drop_overloads config has 2 categories. Envoy only support one.
        policy: { drop_overloads: [{ category: a }, { category: b }] }
        ---
        policy: Cluster drop_overloads config is invalid. drop_ratio=1.01
        policy: { drop_overloads: [{ category: a, drop_percentage: { numerator: 101 } }] }
        ---
        endpoints[0].lb_endpoints[0].endpoint.health_check_config.address.socket_address: malformed IP address: abc
        endpoints:
        - lb_endpoints:
          - endpoint:
              address: { pipe: { path: /a } }
              health_check_config: { address: { socket_address: { address: abc, port_value: 1 } } }
        """);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void verdicts(String verdict, String yaml) {
    Wire.assertVerdict(
        verdict,
        Wire.problems(
            "cluster_name: c\n" + yaml,
            ClusterLoadAssignment.getDefaultInstance(),
            EndpointsDecoder::decode));
  }
}
