package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.HeaderAddition.Action;
import dev.weir.config.HealthCheckConfig.Connections;
import dev.weir.config.HealthCheckConfig.EventLog;
import dev.weir.config.HealthCheckConfig.Header;
import dev.weir.config.HealthCheckConfig.HttpExpectation;
import dev.weir.config.HealthCheckConfig.HttpRequest;
import dev.weir.config.HealthCheckConfig.Intervals;
import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.config.HealthCheckConfig.ProxyHeader;
import dev.weir.config.HealthCheckConfig.Schedule;
import dev.weir.config.HealthCheckConfig.StatusRange;
import dev.weir.config.HealthCheckConfig.Thresholds;
import dev.weir.config.OpenConnections.Fate;
import dev.weir.config.OutlierDetectionConfig.Consecutive;
import dev.weir.config.OutlierDetectionConfig.Ejection;
import dev.weir.config.OutlierDetectionConfig.FailurePercentage;
import dev.weir.config.OutlierDetectionConfig.SuccessRate;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HealthDecoderTest {
  private static final String TIMES =
      "timeout: 1s, interval: 5s, unhealthy_threshold: 2, healthy_threshold: 3, ";

  private static HealthCheckConfig decode(String fields) {
    var wire = Wire.parse("{ " + TIMES + fields + " }", HealthCheck.getDefaultInstance());
    var at = Field.root("");
    try {
      var check = HealthCheckDecoder.check(wire, "c", true, at);
      assertEquals(List.of(), at.problems());
      return check;
    } catch (InvalidResourceException e) {
      throw new AssertionError("refused: " + e.problems(), e);
    }
  }

  @Test
  void thePlainestCheckHasTheDefaults() {
    var five = Duration.ofSeconds(5);
    var minute = Duration.ofMinutes(1);
    assertEquals(
        new HealthCheckConfig(
            "",
            new Probe.Tcp("", List.of(), ProxyHeader.NONE),
            new Schedule(
                Duration.ofSeconds(1),
                Duration.ZERO,
                Duration.ZERO,
                0,
                new Intervals(five, five, five, five, minute, minute)),
            new Thresholds(2, 3),
            Connections.DEFAULT,
            EventLog.NONE),
        decode("tcp_health_check: {}"));
  }

  @Test
  void intervalsFollowEachOther() {
    assertEquals(
        new Intervals(
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(9),
            Duration.ofSeconds(7),
            Duration.ofSeconds(7)),
        decode(
                "tcp_health_check: {}, unhealthy_interval: 2s, healthy_edge_interval: 9s,"
                    + " no_traffic_interval: 7s")
            .schedule()
            .intervals());
  }

  static Stream<Arguments> probes() {
    return Stream.of(
        Arguments.of(
            "tcp_health_check: { send: { text: '50494E47' }, receive: [{ binary: UE9ORw== }] }",
            new Probe.Tcp("50494e47", List.of("504f4e47"), ProxyHeader.NONE)),
        Arguments.of(
            "http_health_check: { path: /ok }",
            new Probe.Http(
                new HttpRequest("GET", "", "/ok", List.of(), List.of(), ""),
                new HttpExpectation(
                    List.of(new StatusRange(200, 201)), List.of(), List.of(), 1024, null),
                false)),
        Arguments.of(
            """
            http_health_check: {
              path: /ok, host: h, method: POST, send: { text: '00' }, codec_client_type: HTTP2,
              request_headers_to_add: [{ header: { key: a, value: b }, append_action: OVERWRITE_IF_EXISTS_OR_ADD }],
              request_headers_to_remove: [x], response_buffer_size: 0,
              expected_statuses: [{ start: 200, end: 300 }], retriable_statuses: [{ start: 500, end: 600 }],
              receive: [{ text: 'ff' }], service_name_matcher: { prefix: p } }
            """,
            new Probe.Http(
                new HttpRequest(
                    "POST",
                    "h",
                    "/ok",
                    List.of(new Header("a", "b", Action.OVERWRITE_IF_EXISTS_OR_ADD)),
                    List.of("x"),
                    "00"),
                new HttpExpectation(
                    List.of(new StatusRange(200, 300)),
                    List.of(new StatusRange(500, 600)),
                    List.of("ff"),
                    0,
                    new TextMatch.Prefix("p", false)),
                true)),
        Arguments.of(
            "grpc_health_check: { service_name: s, authority: a,"
                + " initial_metadata: [{ header: { key: k, value: v } }] }",
            new Probe.Grpc(
                "s", "a", List.of(new Header("k", "v", Action.APPEND_IF_EXISTS_OR_ADD)))));
  }

  @ParameterizedTest
  @MethodSource
  void probes(String fields, Probe expected) {
    assertEquals(expected, decode(fields).probe());
  }

  static Stream<Arguments> openConnections() {
    var keep = new Fate.Keep();
    return Stream.of(
        Arguments.of("lb_policy: ROUND_ROBIN", OpenConnections.KEPT),
        Arguments.of("metadata: { filter_metadata: { other: { a: 1 } } }", OpenConnections.KEPT),
        Arguments.of(
            "metadata: { filter_metadata: { dev.weir: { endpoint_removed: { action: DRAIN } } } }",
            new OpenConnections(new Fate.Drain(Duration.ofSeconds(30)), keep)),
        Arguments.of(
            """
            metadata: { filter_metadata: { dev.weir: {
              endpointRemoved: { action: DRAIN, drain_time: 5s },
              endpoint_unhealthy: { action: CLOSE } } } }
            """,
            new OpenConnections(new Fate.Drain(Duration.ofSeconds(5)), new Fate.Close())),
        Arguments.of(
            """
            metadata: { typed_filter_metadata: { dev.weir: {
              "@type": type.googleapis.com/dev.weir.settings.ClusterSettings,
              endpoint_unhealthy: { action: CLOSE } } } }
            """,
            new OpenConnections(keep, new Fate.Close())));
  }

  @ParameterizedTest
  @MethodSource
  void openConnections(String fields, OpenConnections expected) {
    assertEquals(expected, ClusterDecoderTest.decode(fields + "\n").health().openConnections());
  }

  @Test
  void aCheckSaysWhatItIsMadeOver() {
    assertEquals(
        new Connections(false, List.of("h2"), Map.of("tls", new MetadataValue.Text("no"))),
        decode(
                "tcp_health_check: {}, reuse_connection: false, tls_options: { alpn_protocols: [h2]"
                    + " }, transport_socket_match_criteria: { tls: 'no' }")
            .connections());
  }

  @Test
  void outlierDetectionHasItsDefaults() {
    assertEquals(
        new OutlierDetectionConfig(
            new Ejection(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ZERO,
                10,
                false),
            new Consecutive(5, 100),
            new Consecutive(5, 0),
            new Consecutive(5, 100),
            new SuccessRate(5, 100, 1900, 100, 100),
            new FailurePercentage(85, 5, 50, 0, 0),
            false,
            true,
            false),
        ClusterDecoderTest.decode("outlier_detection: {}\n").health().outlier());
  }

  static Stream<Arguments> verdicts() {
    return Tables.cases(
        """
        health_checks[0].health_checker
        health_checks: [{ TIMES }]
        ---
        health_checks[0].tcp_health_check.send: invalid hex string 'abc'
        health_checks: [{ TIMES tcp_health_check: { send: { text: abc } } }]
        ---
        health_checks[0].tcp_health_check.receive[1]: invalid hex string 'zz'
        health_checks: [{ TIMES tcp_health_check: { receive: [{ text: "00" }, { text: zz }] } }]
        ---
        health_checks[0].http_health_check: HTTP health check cannot specify a request payload with method 'GET'.
        health_checks: [{ TIMES http_health_check: { path: /, send: { text: "00" } } }]
        ---
        health_checks[0].http_health_check.expected_statuses[0]: Invalid http expected status range: expecting start >= 100, but found start=50
        health_checks: [{ TIMES http_health_check: { path: /, expected_statuses: [{ start: 50, end: 200 }] } }]
        ---
        health_checks[0].http_health_check.retriable_statuses[0]: Invalid http retriable status range: expecting start < end, but found start=500 and end=500
        health_checks: [{ TIMES http_health_check: { path: /, retriable_statuses: [{ start: 500, end: 500 }] } }]
        ---
        health_checks[0].http_health_check.request_headers_to_add[0]: :-prefixed or host headers may not be modified
        health_checks: [{ TIMES http_health_check: { path: /, request_headers_to_add: [{ header: { key: ":path" } }] } }]
        ---
        health_checks[0].http_health_check: :-prefixed or host headers may not be removed
        health_checks: [{ TIMES http_health_check: { path: /, request_headers_to_remove: [host] } }]
        ---
        health_checks[0].http_health_check.service_name_matcher.safe_regex.regex
        health_checks: [{ TIMES http_health_check: { path: /, service_name_matcher: { safe_regex: { regex: ( } } } }]
        ---
        health_checks[0]: c cluster must support HTTP/2 for gRPC healthchecking
        health_checks: [{ TIMES grpc_health_check: {} }]
        ---
        health_checks[0].custom_health_check: Didn't find a registered implementation for 'nope' with type URL: ''
        health_checks: [{ TIMES custom_health_check: { name: nope } }]
        ---
        health_checks[1]: health check at index 1 is missing a name
        health_checks: [{ TIMES tcp_health_check: {}, name: a }, { TIMES tcp_health_check: {} }]
        ---
        ok
        health_checks: [{ TIMES tcp_health_check: {}, name: a }, { TIMES tcp_health_check: {}, name: b }]
        ---
        health_checks[1]: duplicate health check name 'a' at index 1
        health_checks: [{ TIMES tcp_health_check: {}, name: a }, { TIMES tcp_health_check: {}, name: a }]
        ---
        health_checks[0].http_health_check.request_headers_to_add[0].header.value: Not supported field in StreamInfo: NOPE
        health_checks: [{ TIMES http_health_check: { path: /, request_headers_to_add: [{ header: { key: a, value: "%NOPE%" } }] } }]
        ---
        ok
        health_checks: [{ TIMES http_health_check: { path: /, request_headers_to_add: [{ header: { key: a, value: "100%% %START_TIME%" } }] } }]
        ---
        metadata.filter_metadata["dev.weir"].endpoint_removed.drain_time
        metadata: { filter_metadata: { dev.weir: { endpoint_removed: { action: DRAIN, drain_time: 0s } } } }
        ---
        metadata.filter_metadata["dev.weir"]
        metadata: { filter_metadata: { dev.weir: { endpoint_removed: 5 } } }
        ---
        metadata.typed_filter_metadata["dev.weir"]: must be a dev.weir.settings.ClusterSettings
        metadata: { typed_filter_metadata: { dev.weir: { "@type": type.googleapis.com/google.protobuf.StringValue, value: x } } }
        ---
        health_checks[0].event_logger[0]: Didn't find a registered implementation for 'x' with type URL: 'google.protobuf.StringValue'
        health_checks: [{ TIMES tcp_health_check: {}, event_logger: [{ name: x, typed_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: x } }] }]
        ---
        outlier_detection: outlier detector's max_ejection_time cannot be smaller than base_ejection_time
        outlier_detection: { base_ejection_time: 400s, max_ejection_time: 10s }
        ---
        ok
        outlier_detection: { base_ejection_time: 400s }
        """
            .replace("TIMES", TIMES));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void verdicts(String verdict, String yaml) {
    Wire.assertVerdict(verdict, ClusterDecoderTest.problems(yaml));
  }
}
