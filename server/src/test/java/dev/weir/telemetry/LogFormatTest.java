package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.AccessLogType;
import dev.weir.config.Field;
import dev.weir.config.LogLayout;
import dev.weir.config.LogLayout.Value;
import dev.weir.config.LogOperator;
import dev.weir.config.LogTemplate;
import dev.weir.config.LogTemplate.Part.Command;
import dev.weir.config.MetadataValue;
import dev.weir.config.StateValue;
import io.netty.channel.unix.DomainSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LogFormatTest {

  /// The operator, its text, and its value in JSON where that is not the text in quotes.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "same",
      textBlock =
          """
          START_TIME | 2026-11-23T03:05:57.986Z | same
          EMIT_TIME | 2026-11-23T03:05:58.041Z | same
          DURATION | 54 | 54
          UPSTREAM_CONNECTION_POOL_READY_DURATION | 0 | 0
          COMMON_DURATION(DS_CX_BEG:DS_CX_END:ns) | 54727000 | 54727000
          COMMON_DURATION(DS_CX_BEG:DS_CX_END) | 54 | 54
          COMMON_DURATION(DS_CX_BEG:US_CX_BEG:us) | 293 | 293
          COMMON_DURATION(US_CX_BEG:US_CX_END:us) | 82 | 82
          COMMON_DURATION(US_CX_END:US_CX_BEG:us) | - | null
          COMMON_DURATION(DS_CX_BEG:DS_RX_END:us) | - | null
          DOWNSTREAM_HANDSHAKE_DURATION | - | null
          REQUEST_DURATION | - | null
          BYTES_RECEIVED | 5 | 5
          BYTES_SENT | 8 | 8
          UPSTREAM_WIRE_BYTES_SENT | 5 | 5
          UPSTREAM_WIRE_BYTES_RECEIVED | 8 | 8
          DOWNSTREAM_WIRE_BYTES_SENT | 8 | 8
          DOWNSTREAM_WIRE_BYTES_RECEIVED | 5 | 5
          UPSTREAM_HEADER_BYTES_SENT | 0 | 0
          DOWNSTREAM_HEADER_BYTES_SENT | 0 | 0
          REQUEST_HEADERS_BYTES | 0 | 0
          BYTES_RETRANSMITTED | 0 | 0
          RESPONSE_FLAGS | - | "-"
          RESPONSE_FLAGS_LONG | - | "-"
          CONNECTION_TERMINATION_DETAILS | - | null
          UPSTREAM_TRANSPORT_FAILURE_REASON | - | null
          DOWNSTREAM_DETECTED_CLOSE_TYPE | Normal | same
          UPSTREAM_DETECTED_CLOSE_TYPE | Normal | same
          DOWNSTREAM_LOCAL_CLOSE_REASON | - | null
          UPSTREAM_REQUEST_ATTEMPT_COUNT | 1 | 1
          ACCESS_LOG_TYPE | TcpConnectionEnd | same
          UPSTREAM_HOST | 127.0.0.1:24292 | same
          UPSTREAM_HOST_NAME | host.one | same
          UPSTREAM_HOST_NAME_WITHOUT_PORT | host.one | same
          UPSTREAM_HOSTS_ATTEMPTED | 127.0.0.1:24292 | same
          UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT | 127.0.0.1 | same
          UPSTREAM_CLUSTER | altc | same
          UPSTREAM_CLUSTER_RAW | c | same
          UPSTREAM_LOCAL_ADDRESS | 127.0.0.1:34924 | same
          UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT | 127.0.0.1 | same
          UPSTREAM_LOCAL_PORT | 34924 | 34924
          UPSTREAM_REMOTE_ADDRESS | 127.0.0.1:24292 | same
          UPSTREAM_REMOTE_PORT | 24292 | 24292
          UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID | `` | ""
          UPSTREAM_CONNECTION_ID | 9 | 9
          UPSTREAM_CONNECTION_IDS_ATTEMPTED | 9 | "9"
          UPSTREAM_SERVER_NAME | - | null
          DOWNSTREAM_LOCAL_ADDRESS | 127.0.0.1:24290 | same
          DOWNSTREAM_LOCAL_PORT | 24290 | 24290
          DOWNSTREAM_DIRECT_LOCAL_ADDRESS | 127.0.0.1:24290 | same
          DOWNSTREAM_REMOTE_ADDRESS | 127.0.0.1:42424 | same
          DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT | 127.0.0.1 | same
          DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(8) | 127.0.0.0/8 | same
          DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(0) | 0.0.0.0/0 | same
          DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(99) | 127.0.0.1/32 | same
          DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(a) | 127.0.0.1 | same
          DOWNSTREAM_REMOTE_PORT | 42424 | 42424
          DOWNSTREAM_DIRECT_REMOTE_PORT | 42424 | 42424
          REQUESTED_SERVER_NAME | - | null
          CONNECTION_ID | 7 | 7
          FILTER_CHAIN_NAME | chain-one | same
          LISTENER_NAME | lis | same
          CUSTOM_FLAGS | `` | ""
          RESPONSE_CODE | 0 | 0
          LOCAL_REPLY_BODY | `` | ""
          RESPONSE_CODE_DETAILS | - | null
          PROTOCOL | - | null
          ROUTE_NAME | - | null
          REQ(x) | - | null
          GRPC_STATUS | - | null
          ENVIRONMENT(WEIR_NO_SUCH_VARIABLE) | - | "-"
          UPSTREAM_METADATA(envoy.lb:env) | hema | same
          UPSTREAM_METADATA(envoy.lb:num) | 5.5 | 5.5
          UPSTREAM_METADATA(envoy.lb:t) | true | true
          UPSTREAM_METADATA(envoy.lb:obj:x) | 1 | 1
          UPSTREAM_METADATA(envoy.lb:obj) | {"x":1,"y":"q\\"z"} | {"x":1,"y":"q\\"z"}
          UPSTREAM_METADATA(envoy.lb:l) | [1,"b"] | [1,"b"]
          UPSTREAM_METADATA(envoy.lb:none) | - | null
          METADATA(UPSTREAM_HOST:envoy.lb:env) | hema | same
          METADATA(CLUSTER:meta:k) | cv | same
          CLUSTER_METADATA(meta:k) | cv | same
          METADATA(LISTENER:meta:k) | lv | same
          METADATA(ROUTE:meta:k) | - | null
          DYNAMIC_METADATA(a:b) | - | null
          FILTER_STATE(none) | - | null
          DOWNSTREAM_PEER_URI_SAN | - | null
          UPSTREAM_TLS_VERSION | - | null
          TLS_JA3_FINGERPRINT | - | null
          """)
  void anOperatorPrintsWhatEnvoyPrints(String operator, String text, String json) throws Exception {
    var record = SampleRecord.relayed().record;
    assertEquals(text, Lines.text("%" + operator + "%", record));
    assertEquals(
        json == null ? "\"" + text + "\"" : json, Lines.json("%" + operator + "%", record));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          RESPONSE_FLAGS | UF,URX
          RESPONSE_FLAGS_LONG | UpstreamConnectionFailure,UpstreamRetryLimitExceeded
          UPSTREAM_TRANSPORT_FAILURE_REASON | delayed_connect_error:_Connection_refused
          UPSTREAM_REQUEST_ATTEMPT_COUNT | 3
          UPSTREAM_HOST | [::1]:3
          UPSTREAM_HOST_NAME | [::1]:3
          UPSTREAM_HOST_NAME_WITHOUT_PORT | ::1
          UPSTREAM_HOSTS_ATTEMPTED | [::1]:1,[::1]:2,[::1]:3
          UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT | ::1,::1,::1
          UPSTREAM_HOST_NAMES_ATTEMPTED | [::1]:1,[::1]:2,[::1]:3
          UPSTREAM_REMOTE_ADDRESS | -
          UPSTREAM_LOCAL_PORT | -
          UPSTREAM_CONNECTION_ID | 0
          UPSTREAM_CONNECTION_IDS_ATTEMPTED | -
          UPSTREAM_CONNECTION_POOL_READY_DURATION | 3
          COMMON_DURATION(DS_CX_BEG:US_CX_BEG:us) | -
          DOWNSTREAM_LOCAL_CLOSE_REASON | tcp_initializion_failure:0
          UPSTREAM_METADATA(envoy.lb:env) | hema
          """)
  void aRefusedConnectionSaysWhatWasTried(String operator, String text) throws Exception {
    assertEquals(text, Lines.text("%" + operator + "%", SampleRecord.refused().record));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UPSTREAM_HOST | -
          UPSTREAM_CLUSTER | -
          UPSTREAM_REQUEST_ATTEMPT_COUNT | 0
          UPSTREAM_CONNECTION_ID | 0
          UPSTREAM_WIRE_BYTES_SENT | 0
          UPSTREAM_CONNECTION_POOL_READY_DURATION | -
          UPSTREAM_DETECTED_CLOSE_TYPE | Normal
          COMMON_DURATION(DS_CX_BEG:DS_CX_END) | -
          """)
  void aConnectionWithoutUpstreamHasNoUpstreamFacts(String operator, String text) throws Exception {
    assertEquals(text, Lines.text("%" + operator + "%", SampleRecord.accepted().record));
  }

  @ParameterizedTest
  @EnumSource
  void everyOperatorHasAFact(LogOperator operator) {
    var line = new LogLine();
    Facts.of(new Command(operator, "DYNAMIC:a:b", -1))
        .write(SampleRecord.relayed().record, AccessLogType.TCP_CONNECTION_END, line);
    assertTrue(line.length() < 200);
  }

  @Test
  void theDefaultLineOfEnvoyIsItsLine() throws Exception {
    String format =
        "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
            + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
            + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%UPSTREAM_HOST%\" 100%%\n";
    assertEquals(
        "[2026-11-23T03:05:57.986Z] \"- - -\" 0 - 5 8 54 - \"127.0.0.1:24292\" 100%\n",
        Lines.text(format, SampleRecord.relayed().record));
  }

  @Test
  void flagsArePrintedInTheOrderInWhichTheyWereSet() throws Exception {
    var record = SampleRecord.accepted().record;
    record.flag(ResponseFlag.DT);
    record.flag(ResponseFlag.UF);
    record.flag(ResponseFlag.DT);
    assertEquals("DT,UF", Lines.text("%RESPONSE_FLAGS%", record));
  }

  @Test
  void anAddressOfASocketFileIsItsPath() throws Exception {
    var record = SampleRecord.accepted().record;
    record.remoteAddress(new DomainSocketAddress("/run/a.sock"));
    assertEquals(
        "/run/a.sock /run/a.sock - 127.0.0.1:42424",
        Lines.text(
            "%DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(8)%"
                + " %DOWNSTREAM_REMOTE_PORT% %DOWNSTREAM_DIRECT_REMOTE_ADDRESS%",
            record));
  }

  @Test
  void filterStateIsQuotedUnlessAskedForPlainly() throws Exception {
    var record = SampleRecord.accepted().record;
    record.filterState("fs", new StateValue.Text("v\"1", true));
    assertEquals(
        "\"v\\\"1\" v\"1 v\" -",
        Lines.text(
            "%FILTER_STATE(fs)% %FILTER_STATE(fs:PLAIN)% %FILTER_STATE(fs:PLAIN):2%"
                + " %FILTER_STATE(fs:FIELD:x)%",
            record));
    assertEquals("\"v\\\"1\"", Lines.json("%FILTER_STATE(fs)%", record));
    assertEquals("\"v\\\"1\"", Lines.json("%FILTER_STATE(fs:PLAIN)%", record));
  }

  @Test
  void dynamicMetadataIsFoundByNamespaceAndKey() throws Exception {
    var record = SampleRecord.accepted().record;
    record.addMetadata("ns", Map.of("k", new MetadataValue.Text("v")));
    record.addMetadata("ns", Map.of("n", new MetadataValue.Numeric(1e15)));
    assertEquals(
        "v 1e+15 {\"k\":\"v\",\"n\":1e+15}",
        Lines.text(
            "%DYNAMIC_METADATA(ns:k)% %DYNAMIC_METADATA(ns:n)% %DYNAMIC_METADATA(ns)%", record));
  }

  @Test
  void theStreamIdStaysAndTheUniqueIdDoesNot() throws Exception {
    var record = SampleRecord.accepted().record;
    assertEquals(Lines.text("%STREAM_ID%", record), Lines.text("%STREAM_ID%", record));
    assertTrue(!Lines.text("%UNIQUE_ID%", record).equals(Lines.text("%UNIQUE_ID%", record)));
  }

  @Test
  void jsonKeepsItsShape() throws Exception {
    var fields = new LinkedHashMap<String, Value>();
    fields.put("big", new Value.Numeric(12345678901d));
    fields.put("eobj", new Value.Struct(new LinkedHashMap<>()));
    fields.put("esc\"", Lines.template("q\"\\\n\u00e9\u0001/<>"));
    fields.put("flags", Lines.template("%RESPONSE_FLAGS%"));
    fields.put(
        "list",
        new Value.Sequence(
            List.of(
                Lines.template("%ROUTE_NAME%"),
                Lines.template("%BYTES_SENT%"),
                Lines.struct("a", Lines.template("%ROUTE_NAME%")),
                new Value.Sequence(List.of()))));
    fields.put("mix", Lines.template("a%ROUTE_NAME%b"));
    fields.put("nul", new Value.Null());
    fields.put("obj", Lines.struct("a", Lines.template("%ROUTE_NAME%")));
    fields.put("pct", Lines.template("100%%"));
    fields.put("t", new Value.Bool(true));
    var record = SampleRecord.relayed().record;
    assertEquals(
        """
        {"big":12345678901,"eobj":{},"esc\\"":"q\\"\\\\\\n\u00e9\\u0001/<>","flags":"-",\
        "list":[null,8,{"a":null},[]],"mix":"a-b","nul":null,"obj":{"a":null},"pct":"100%","t":true}
        """,
        Lines.write(new LogLayout.Json(new Value.Struct(fields), false), record));
    assertEquals(
        """
        {"big":12345678901,"esc\\"":"q\\"\\\\\\n\u00e9\\u0001/<>","flags":"-",\
        "list":[8,[]],"mix":"ab","pct":"100%","t":true}
        """,
        Lines.write(new LogLayout.Json(new Value.Struct(fields), true), record));
  }

  @Test
  void emptyValuesCanBeLeftOutOfText() throws Exception {
    var template = LogTemplate.parse("[%ROUTE_NAME%][%RESPONSE_FLAGS%]\n", Field.root(""));
    assertEquals(
        "[][-]\n", Lines.write(new LogLayout.Text(template, true), SampleRecord.relayed().record));
  }

  @Test
  void aTextIsCutByBytesAndNeverWithinACharacter() throws Exception {
    var record = SampleRecord.accepted().record;
    record.filterState("fs", new StateValue.Text("a\"\u00e9\u4e2d", true));
    assertEquals("a\"\u00e9", Lines.text("%FILTER_STATE(fs:PLAIN):6%", record));
    assertEquals("\"a\\\"\"", Lines.json("%FILTER_STATE(fs:PLAIN):3%", record));
    assertEquals("", Lines.text("%FILTER_STATE(fs:PLAIN):0%", record));
  }

  @ParameterizedTest
  @CsvSource({
    "5, 5",
    "-7, -7",
    "1.25, 1.25",
    "-0.5, -0.5",
    "0.1, 0.1",
    "-0.0, -0",
    "100000, 1e+05",
    "1e15, 1e+15",
    "123456789012345678, 123456789012345680",
    "1e-5, 1e-05",
    "1e30, 1e+30",
    "3.141592653589793, 3.141592653589793",
    "12345678901, 12345678901",
    "0, 0",
    "1e300, 1e+300"
  })
  void aNumberIsAsShortAsItCanBe(double value, String text) {
    assertEquals(text, JsonText.number(value));
  }
}
