package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.StatsConfig;
import dev.weir.config.StatsConfig.BucketRule;
import dev.weir.config.StatsConfig.StatsFilter;
import dev.weir.config.TextMatch;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsPageTest {
  private static final StatsConfig FEW_BUCKETS =
      new StatsConfig(
          StatsFilter.ALL,
          true,
          List.of(),
          List.of(
              new BucketRule(
                  new TextMatch.Suffix("_ms", false), List.of(0.5, 5.0, 300000.0, 1800000.0))));

  private final Stats stats = new Stats(FEW_BUCKETS);
  private final StatsPage page = new StatsPage(stats);

  @BeforeEach
  void count() {
    var family =
        StatFamily.counters("total", "unused")
            .andGauges("version")
            .andHistograms("length_ms", "empty_ms");
    var b = stats.scope("tcp.b.x", family);
    b.counter("total").add(3);
    b.gauge("version").set(-1);
    b.text("version_text").set("v\"1");
    b.histogram("length_ms").record(2);
    stats.flush();
    b.histogram("length_ms").record(32);
    stats.flush();
    stats.scope("tcp.a", StatFamily.counters("total"));
  }

  @Test
  void textIsSortedWithTextsFirstAndHistogramsLast() throws IOException {
    assertEquals(
        """
        tcp.b.x.version_text: "v"1"
        tcp.a.total: 0
        tcp.b.x.total: 3
        tcp.b.x.unused: 0
        tcp.b.x.version: 18446744073709551615
        tcp.b.x.empty_ms: No recorded values
        tcp.b.x.length_ms: P0(32,2) P25(32,2) P50(32,2) P75(32,32) P90(32,32) P95(32,32) P99(32,32) P99.5(32,32) P99.9(32,32) P100(32,32)
        """,
        text(Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cumulative | tcp.b.x.length_ms: B0.5(0,0) B5(0,1) B300000(1,2) B1.8e+06(1,2)
          disjoint   | tcp.b.x.length_ms: B0.5(0,0) B5(0,1) B300000(1,1) B1.8e+06(0,0)
          """)
  void textShowsBuckets(String view, String line) throws IOException {
    assertEquals(
        "tcp.b.x.empty_ms: No recorded values\n" + line + "\n",
        text(Map.of("type", "Histograms", "histogram_buckets", view)));
  }

  @Test
  void textShowsEverythingThatIsKept() throws IOException {
    assertTrue(
        text(Map.of("filter", "length", "histogram_buckets", "detailed"))
            .startsWith(
                """
                tcp.b.x.length_ms:
                  totals=2,1:1, 32,1:1
                  intervals=32,1:1
                  summary=P0(32,2) P25(32,2)\
                """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          filter=^tcp.*(total)$            ; tcp.a.total,tcp.b.x.total
          filter=total&usedonly            ; tcp.b.x.total
          filter=_ms|text|b&invert_filter  ; tcp.a.total
          type=Gauges                      ; tcp.b.x.version
          type=Counters&usedonly           ; tcp.b.x.total
          type=TextReadouts                ; tcp.b.x.version_text
          type=Histograms&usedonly         ; tcp.b.x.length_ms
          filter=&type=&filter=x.unused    ; tcp.b.x.unused
          """)
  void aQuerySelects(String query, String names) throws IOException {
    var lines =
        text(parameters(query)).lines().map(line -> line.substring(0, line.indexOf(':'))).toList();
    assertEquals(names, String.join(",", lines));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          filter=(               ; Invalid re2 regex: missing ): (
          type=counters          ; invalid &type= param
          histogram_buckets=x    ; usage: /stats?histogram_buckets=(cumulative|disjoint|detailed|summary|prometheusnative)
          """)
  void aQueryThatMakesNoSenseIsAnsweredInEnvoysWords(String query, String words) {
    var error =
        assertThrows(IllegalArgumentException.class, () -> StatsQuery.of(parameters(query)));
    assertEquals(words, String.valueOf(error.getMessage()).strip());
  }

  @Test
  void jsonHasTheHistogramsInOneObjectAtTheEnd() throws IOException {
    assertEquals("{\"stats\":[]}", json(Map.of("filter", "none")));
    assertEquals(
        """
        {"stats":[{"name":"tcp.b.x.version_text","value":"v\\"1"},{"name":"tcp.b.x.version","value":18446744073709551615}]}\
        """,
        json(Map.of("filter", "version")));
    String quantile = "{\"cumulative\":32,\"interval\":32}";
    String none = "{\"cumulative\":null,\"interval\":null}";
    assertEquals(
        "{\"stats\":[{\"histograms\":{\"supported_quantiles\":[0,25,50,75,90,95,99,99.5,99.9,100],"
            + "\"computed_quantiles\":[{\"name\":\"tcp.b.x.empty_ms\",\"values\":["
            + String.join(",", Collections.nCopies(10, none))
            + "]},{\"name\":\"tcp.b.x.length_ms\",\"values\":["
            + "{\"cumulative\":2,\"interval\":32},".repeat(3)
            + String.join(",", Collections.nCopies(7, quantile))
            + "]}]}}]}",
        json(Map.of("type", "Histograms")));
  }

  @Test
  void jsonShowsBuckets() throws IOException {
    assertEquals(
        """
        {"stats":[{"histograms":[{"name":"tcp.b.x.length_ms","buckets":[\
        {"upper_bound":0.5,"interval":0,"cumulative":0},{"upper_bound":5,"interval":0,"cumulative":1},\
        {"upper_bound":3e+05,"interval":1,"cumulative":2},{"upper_bound":1800000,"interval":1,"cumulative":2}]}]}]}\
        """,
        json(Map.of("filter", "length", "histogram_buckets", "cumulative")));
    assertTrue(
        json(Map.of("filter", "length", "histogram_buckets", "detailed"))
            .startsWith(
                """
                {"stats":[{"histograms":{"supported_percentiles":[0,25,50,75,90,95,99,99.5,99.9,100],\
                "details":[{"name":"tcp.b.x.length_ms",\
                "totals":[{"lower_bound":2,"width":1,"count":1},{"lower_bound":32,"width":1,"count":1}],\
                "intervals":[{"lower_bound":32,"width":1,"count":1}],\
                "percentiles":[{"cumulative":2,"interval":32},\
                """));
  }

  @Test
  void prometheusGetsLabelsAndBuckets() throws IOException {
    assertEquals(
        """
        # TYPE envoy_tcp_total counter
        envoy_tcp_total{envoy_tcp_prefix="a"} 0
        # TYPE envoy_tcp_x_total counter
        envoy_tcp_x_total{envoy_tcp_prefix="b"} 3
        # TYPE envoy_tcp_x_unused counter
        envoy_tcp_x_unused{envoy_tcp_prefix="b"} 0
        # TYPE envoy_tcp_x_version gauge
        envoy_tcp_x_version{envoy_tcp_prefix="b"} 18446744073709551615
        # TYPE envoy_tcp_x_version_text gauge
        envoy_tcp_x_version_text{envoy_tcp_prefix="b",text_value="v\\"1"} 0
        # TYPE envoy_tcp_x_length_ms histogram
        envoy_tcp_x_length_ms_bucket{envoy_tcp_prefix="b",le="0.5"} 0
        envoy_tcp_x_length_ms_bucket{envoy_tcp_prefix="b",le="5"} 1
        envoy_tcp_x_length_ms_bucket{envoy_tcp_prefix="b",le="300000"} 2
        envoy_tcp_x_length_ms_bucket{envoy_tcp_prefix="b",le="1800000"} 2
        envoy_tcp_x_length_ms_bucket{envoy_tcp_prefix="b",le="+Inf"} 2
        envoy_tcp_x_length_ms_sum{envoy_tcp_prefix="b"} 34
        envoy_tcp_x_length_ms_count{envoy_tcp_prefix="b"} 2
        """,
        prometheus(Map.of("text_readouts", "", "filter", "total|unused|version|length")));
  }

  @Test
  void prometheusGetsQuantilesIfItWantsThem() throws IOException {
    assertTrue(
        prometheus(Map.of("filter", "length", "histogram_buckets", "summary"))
            .startsWith(
                """
                # TYPE envoy_tcp_x_length_ms summary
                envoy_tcp_x_length_ms{envoy_tcp_prefix="b",quantile="0"} 2
                envoy_tcp_x_length_ms{envoy_tcp_prefix="b",quantile="0.25"} 2
                """));
  }

  @Test
  void aNameWithoutTagsHasEmptyBraces() throws IOException {
    stats.scope("server").gauge("live").set(1);
    assertEquals(
        "# TYPE envoy_server_live gauge\nenvoy_server_live{} 1\n",
        prometheus(Map.of("filter", "^server")));
  }

  private String text(Map<String, String> parameters) throws IOException {
    var out = new StringWriter();
    page.text(StatsQuery.of(parameters), out);
    return out.toString();
  }

  private String json(Map<String, String> parameters) throws IOException {
    var out = new StringWriter();
    page.json(StatsQuery.of(parameters), out);
    return out.toString();
  }

  private String prometheus(Map<String, String> parameters) throws IOException {
    var out = new StringWriter();
    page.prometheus(StatsQuery.of(parameters), out);
    return out.toString();
  }

  private static Map<String, String> parameters(String query) {
    var parameters = new HashMap<String, String>();
    for (var pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      parameters.put(
          equals < 0 ? pair : pair.substring(0, equals),
          equals < 0 ? "" : pair.substring(equals + 1));
    }
    return parameters;
  }
}
