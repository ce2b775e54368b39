package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.weir.config.LogFilter.Comparison;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireException;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessLogDecoderTest {
  private static final String FILE =
      """
      name: envoy.access_loggers.file
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
        path: /dev/stdout
      """;

  @Test
  void aFileLogHasAPathAndALayout() throws Exception {
    var log =
        decode(FILE + "  log_format: {text_format_source: {inline_string: \"B %BYTES_SENT%\"}}");
    assertEquals("envoy.access_loggers.file", log.name());
    assertNull(log.filter());
    var file = assertInstanceOf(AccessLogSinkConfig.File.class, log.sink());
    assertEquals("/dev/stdout", file.path());
    assertEquals(text("B %BYTES_SENT%"), file.layout());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          format: "%RESPONSE_FLAGS%"                               | %RESPONSE_FLAGS%
          log_format: {text_format: "A %BYTES_SENT%"}              | A %BYTES_SENT%
          log_format: {text_format: ""}                            | ``
          log_format: {text_format_source: {inline_bytes: "QQ=="}} | A
          """)
  void textComesFromManyPlaces(String field, String format) throws Exception {
    assertEquals(text(format), layout(field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "format: \"\""})
  void withoutAFormatThereIsEnvoysOwn(String field) throws Exception {
    var layout = assertInstanceOf(LogLayout.Text.class, layout(field));
    assertTrue(layout.template().source().startsWith("[%START_TIME%] \"%REQ(:METHOD)% "));
    assertTrue(layout.template().source().endsWith("\"%UPSTREAM_HOST%\"\n"));
  }

  @Test
  void textComesFromAFile(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("format"), "%DURATION%\n");
    assertEquals(
        text("%DURATION%\n"),
        layout("log_format: {text_format_source: {filename: \"" + file + "\"}}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "json_format: JSON",
        "typed_json_format: JSON",
        "log_format: {json_format: JSON}",
        "log_format: {json_format: JSON, json_format_options: {sort_properties: true}}"
      })
  void jsonKeepsItsShapeAndSortsItsKeys(String field) throws Exception {
    String json = "{z: \"%BYTES_SENT%\", a: [\"x%DURATION%\", 5, true, null], m: {k: \"v\"}}";
    var layout = assertInstanceOf(LogLayout.Json.class, layout(field.replace("JSON", json)));
    var fields = layout.root().fields();
    assertEquals(List.of("a", "m", "z"), List.copyOf(fields.keySet()));
    assertEquals(
        new LogLayout.Value.Sequence(
            List.of(
                template("x%DURATION%"),
                new LogLayout.Value.Numeric(5),
                new LogLayout.Value.Bool(true),
                new LogLayout.Value.Null())),
        fields.get("a"));
    assertEquals(template("%BYTES_SENT%"), fields.get("z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Stdout", "Stderr"})
  void theStreamsOfTheProcessAreLogsToo(String stream) throws Exception {
    var log =
        decode(
            """
            name: any
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.%sAccessLog
              log_format: {omit_empty_values: true, text_format: "x"}
            """
                .formatted(stream));
    var expected = new LogLayout.Text(LogTemplate.parse("x", Field.root("")), true);
    assertEquals(
        stream.equals("Stdout")
            ? new AccessLogSinkConfig.Stdout(expected)
            : new AccessLogSinkConfig.Stderr(expected),
        log.sink());
  }

  @Test
  void aGrpcLogHasItsDefaults() throws Exception {
    assertEquals(
        new AccessLogSinkConfig.TcpGrpc(
            new AccessLogSinkConfig.Grpc(
                "tcp",
                new GrpcServiceConfig(
                    "als", "", Duration.ZERO, Map.of("k", LogTemplate.literal("v")), true),
                Duration.ofSeconds(1),
                16384,
                List.of())),
        decode(grpc("envoy_grpc: {cluster_name: als}")).sink());
  }

  @Test
  void aLogThatIsNotServedIsWarnedAbout() throws Exception {
    var at = Field.root("access_log[0]");
    String yaml =
        grpc("envoy_grpc: {cluster_name: als}")
            .replace("grpc.v3.TcpGrpc", "open_telemetry.v3.OpenTelemetry");
    var log = AccessLogDecoder.decode(parse(yaml, AccessLog.getDefaultInstance()), at);
    assertInstanceOf(AccessLogSinkConfig.Unserved.class, log.sink());
    assertEquals(
        List.of(
            "access_log[0].typed_config: no entries are sent to this kind of access log:"
                + " envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig"),
        at.warnings());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          log_format: {text_format: "%NOPE%"} | typed_config.log_format.text_format: Not supported field in StreamInfo: NOPE
          log_format: {json_format: {a: {b: ["%REQ%"]}}} | typed_config.log_format.json_format.a.b.values[0]: REQ requires parameters
          log_format: {text_format_source: {filename: /nope/x}} | typed_config.log_format.text_format_source.filename: Invalid path: /nope/x
          log_format: {text_format_source: {environment_variable: WEIR_NO_SUCH}} | typed_config.log_format.text_format_source.environment_variable: Environment variable doesn't exist: WEIR_NO_SUCH
          log_format: {text_format: "", formatters: [{name: m, typed_config: {"@type": type.googleapis.com/envoy.config.core.v3.Node}}]} | typed_config.log_format.formatters[0]: Formatter not found: m
          """)
  void aWrongFileLogNamesItsField(String field, String problem) {
    assertEquals(List.of(problem), problems(FILE + "  " + field));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {name: envoy.access_loggers.file} | typed_config: Didn't find a registered implementation for 'envoy.access_loggers.file' with type URL: ''
          {name: x, typed_config: {"@type": type.googleapis.com/envoy.config.core.v3.Node}} | typed_config: Didn't find a registered implementation for 'x' with type URL: 'envoy.config.core.v3.Node'
          {name: x, typed_config: {"@type": type.googleapis.com/envoy.extensions.access_loggers.fluentd.v3.FluentdAccessLogConfig, cluster: c, tag: t, stat_prefix: s, record: {}}} | typed_config: Didn't find a registered implementation for 'x' with type URL: 'envoy.extensions.access_loggers.fluentd.v3.FluentdAccessLogConfig'
          """)
  void aLogOfUnknownKindIsRefused(String yaml, String problem) {
    assertEquals(List.of(problem), problems(yaml));
  }

  @Test
  void aGrpcLogOverGooglesClientIsRefused() {
    assertEquals(
        List.of("typed_config.common_config.grpc_service.google_grpc: not supported"),
        problems(grpc("google_grpc: {target_uri: a, stat_prefix: b}")));
  }

  @Test
  void theRulesOfTheMessageAreChecked() {
    var problems = problems(FILE.replace("/dev/stdout", "\"\""));
    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().startsWith("typed_config.path: "), problems::toString);
  }

  static Stream<Arguments> everyFilterIsRead() {
    var le = new Comparison(Comparison.Op.LE, 9);
    return Stream.of(
        filter(
            "status_code_filter: {comparison: {op: LE, value: {default_value: 9}}}",
            new LogFilter.StatusCode(le)),
        filter(
            "duration_filter: {comparison: {op: LE, value: {default_value: 9}}}",
            new LogFilter.Duration(le)),
        filter(
            "duration_filter: {comparison: {value: {default_value: 4294967295}}}",
            new LogFilter.Duration(new Comparison(Comparison.Op.EQ, 4294967295L))),
        filter("not_health_check_filter: {}", new LogFilter.NotHealthCheck()),
        filter("traceable_filter: {}", new LogFilter.Traceable()),
        filter("runtime_filter: {runtime_key: a}", new LogFilter.Share(0, 100)),
        filter(
            "runtime_filter: {runtime_key: a, percent_sampled: {numerator: 7, denominator:"
                + " MILLION}}",
            new LogFilter.Share(7, 1_000_000)),
        filter(
            "and_filter: {filters: [{not_health_check_filter: {}}, {traceable_filter: {}}]}",
            new LogFilter.All(List.of(new LogFilter.NotHealthCheck(), new LogFilter.Traceable()))),
        filter(
            "or_filter: {filters: [{not_health_check_filter: {}}, {traceable_filter: {}}]}",
            new LogFilter.Any(List.of(new LogFilter.NotHealthCheck(), new LogFilter.Traceable()))),
        filter("header_filter: {header: {name: x}}", new LogFilter.Header("x", null, false, false)),
        filter(
            "header_filter: {header: {name: x, present_match: false}}",
            new LogFilter.Header("x", null, true, false)),
        filter(
            "header_filter: {header: {name: x, prefix_match: p, invert_match: true}}",
            new LogFilter.Header("x", new TextMatch.Prefix("p", false), true, false)),
        filter(
            "header_filter: {header: {name: x, string_match: {exact: E, ignore_case: true},"
                + " treat_missing_header_as_empty: true}}",
            new LogFilter.Header("x", new TextMatch.Exact("E", true), false, true)),
        filter("response_flag_filter: {}", new LogFilter.ResponseFlag(Set.of())),
        filter(
            "response_flag_filter: {flags: [UF, URX]}",
            new LogFilter.ResponseFlag(Set.of("UF", "URX"))),
        filter(
            "grpc_status_filter: {statuses: [CANCELED], exclude: true}",
            new LogFilter.GrpcStatus(Set.of(1), true)),
        filter(
            "metadata_filter: {matcher: {filter: ns, path: [{key: a}, {key: b}], value:"
                + " {bool_match: true}}, match_if_key_not_found: false}",
            new LogFilter.DynamicMetadata(
                "ns", List.of("a", "b"), new ValueMatch.BoolIs(true), false)),
        filter(
            "metadata_filter: {}",
            new LogFilter.DynamicMetadata("", List.of(), new ValueMatch.Present(false), true)),
        filter(
            "log_type_filter: {types: [TcpConnectionEnd, NotSet], exclude: true}",
            new LogFilter.LogType(
                Set.of(AccessLogType.TCP_CONNECTION_END, AccessLogType.NOT_SET), true)));
  }

  private static Arguments filter(String yaml, LogFilter filter) {
    return Arguments.of(yaml, filter);
  }

  @ParameterizedTest
  @MethodSource
  void everyFilterIsRead(String yaml, LogFilter filter) throws Exception {
    var wire = parse(yaml, AccessLogFilter.getDefaultInstance());
    assertEquals(filter, LogFilterDecoder.decode(wire, Field.root("filter")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          extension_filter: {name: cel, typed_config: {"@type": type.googleapis.com/envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter, expression: "string(1)"}} | filter.extension_filter.typed_config.expression: failed to create an expression: No overload found in reference resolve step for string
          extension_filter: {name: nope} | filter.extension_filter.typed_config: Didn't find a registered implementation for 'nope' with type URL: ''
          header_filter: {header: {name: x, range_match: {start: 1, end: 2}}} | filter.header_filter.header.range_match: not supported
          header_filter: {header: {name: x, string_match: {safe_regex: {regex: "("}}}} | filter.header_filter.header.string_match.safe_regex.regex: missing ): (
          """)
  void aFilterThatCannotBeServedIsRefused(String yaml, String problem) throws Exception {
    var wire = parse(yaml, AccessLogFilter.getDefaultInstance());
    var error =
        assertThrows(
            InvalidResourceException.class,
            () -> LogFilterDecoder.decode(wire, Field.root("filter")));
    assertEquals(problem, error.getMessage());
  }

  private static String grpc(String service) {
    return """
    name: als
    typed_config:
      "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig
      common_config:
        log_name: tcp
        transport_api_version: V3
        grpc_service: {%s, initial_metadata: [{key: k, value: v}]}
    """
        .formatted(service);
  }

  private static LogLayout layout(String field) throws Exception {
    return assertInstanceOf(AccessLogSinkConfig.File.class, decode(FILE + "  " + field).sink())
        .layout();
  }

  private static LogLayout text(String format) throws Exception {
    return new LogLayout.Text(LogTemplate.parse(format, Field.root("")), false);
  }

  private static LogLayout.Value template(String format) throws Exception {
    return new LogLayout.Value.Template(LogTemplate.parse(format, Field.root("")));
  }

  private static AccessLogConfig decode(String yaml) throws Exception {
    return AccessLogDecoder.decode(parse(yaml, AccessLog.getDefaultInstance()), Field.root(""));
  }

  private static List<String> problems(String yaml) {
    var at = Field.root("");
    var found = new ArrayList<String>();
    try {
      AccessLogDecoder.decode(parse(yaml, AccessLog.getDefaultInstance()), at);
    } catch (InvalidResourceException e) {
      e.violations().forEach(violation -> found.add(violation.toString()));
    } catch (WireException e) {
      throw new AssertionError(e);
    }
    at.problems().forEach(problem -> found.add(problem.toString()));
    return found;
  }

  private static <M extends Message> M parse(String yaml, M prototype) throws WireException {
    return WireText.parse(yaml, WireFormat.YAML, prototype, OnUnknown.REJECT).message();
  }
}
