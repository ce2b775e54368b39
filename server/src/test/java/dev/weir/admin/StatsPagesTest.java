package dev.weir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.telemetry.StatFamily;
import dev.weir.telemetry.Stats;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsPagesTest {
  private final Stats stats = new Stats();
  private final PageIndex pages = new PageIndex(new StatsPages(stats).all(), List.of());

  StatsPagesTest() {
    var scope =
        stats.scope(
            "tcp.a",
            StatFamily.counters("total", "unused").andGauges("active").andHistograms("length_ms"));
    scope.counter("total").add(3);
    scope.gauge("active").set(1);
    scope.text("version_text").set("v\"1");
  }

  private String get(String target) throws IOException {
    var request = AdminRequest.of("GET", target);
    var body = new StringWriter();
    var page = pages.find(request.path());
    assertTrue(page != null, target);
    page.handler().handle(request).body().writeTo(body);
    return body.toString();
  }

  private void recordLengths() {
    var histogram = stats.scope("tcp.a").histogram("length_ms");
    for (int i = 0; i < 4; i++) {
      histogram.record(2);
    }
    stats.flush();
  }

  @Test
  void textIsOneLineForEachTextsFirstAndHistogramsLast() throws IOException {
    assertEquals(
        """
        tcp.a.version_text: "v"1"
        tcp.a.active: 1
        tcp.a.total: 3
        tcp.a.unused: 0
        tcp.a.length_ms: No recorded values
        """,
        get("/stats"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /stats?usedonly&type=Counters; tcp.a.total: 3
          /stats?filter=^tcp.*(active|nope)$; tcp.a.active: 1
          /stats?filter=^tcp.*e&invert_filter; tcp.a.total: 3
          /stats?type=Gauges; tcp.a.active: 1
          /stats?type=Histograms; tcp.a.length_ms: No recorded values
          /stats?filter=(; Invalid re2 regex: missing ): (
          /stats?type=foo; invalid &type= param
          /stats?format=foo; usage: /stats?format=(html|active-html|json|prometheus|text)
          """)
  void aQuerySelects(String target, String expected) throws IOException {
    assertEquals(expected, get(target).stripTrailing());
  }

  @Test
  void aHistogramIsWrittenByQuantiles() throws IOException {
    recordLengths();
    assertEquals(
        "tcp.a.length_ms: P0(2,2) P25(2,2) P50(2,2) P75(2,2) P90(2,2) P95(2,2) P99(2,2)"
            + " P99.5(2,2) P99.9(2,2) P100(2,2)\n",
        get("/stats?type=Histograms"));
    stats.flush();
    assertTrue(get("/stats?type=Histograms").contains("P0(nan,2)"));
  }

  @Test
  void aHistogramIsWrittenByBuckets() throws IOException {
    recordLengths();
    assertTrue(
        get("/stats?type=Histograms&histogram_buckets=cumulative")
            .startsWith("tcp.a.length_ms: B0.5(0,0) B1(0,0) B5(4,4) B10(4,4)"));
    assertTrue(
        get("/stats?type=Histograms&histogram_buckets=disjoint")
            .startsWith("tcp.a.length_ms: B0.5(0,0) B1(0,0) B5(4,4) B10(0,0)"));
  }

  @Test
  void jsonIsOneListWithTheHistogramsAtItsEnd() throws IOException {
    assertEquals(
        """
        {"stats":[{"name":"tcp.a.active","value":1}]}\
        """,
        get("/stats?format=json&filter=active"));
    recordLengths();
    assertTrue(
        get("/stats?format=json&type=Histograms")
            .startsWith(
                """
                {"stats":[{"histograms":{"supported_quantiles":[0,25,50,75,90,95,99,99.5,99.9,100],\
                "computed_quantiles":[{"name":"tcp.a.length_ms","values":[{"cumulative":2,"interval":2},\
                """));
  }

  @Test
  void prometheusGetsMetricsWithLabels() throws IOException {
    recordLengths();
    var page = get("/stats/prometheus");
    assertTrue(
        page.startsWith(
            """
            # TYPE envoy_tcp_total counter
            envoy_tcp_total{envoy_tcp_prefix="a"} 3
            # TYPE envoy_tcp_unused counter
            envoy_tcp_unused{envoy_tcp_prefix="a"} 0
            # TYPE envoy_tcp_active gauge
            envoy_tcp_active{envoy_tcp_prefix="a"} 1
            # TYPE envoy_tcp_length_ms histogram
            envoy_tcp_length_ms_bucket{envoy_tcp_prefix="a",le="0.5"} 0
            """),
        page);
    assertTrue(
        page.endsWith(
            """
            envoy_tcp_length_ms_bucket{envoy_tcp_prefix="a",le="+Inf"} 4
            envoy_tcp_length_ms_sum{envoy_tcp_prefix="a"} 8
            envoy_tcp_length_ms_count{envoy_tcp_prefix="a"} 4
            """),
        page);
  }

  @Test
  void prometheusGetsTextsIfItWantsThem() throws IOException {
    assertTrue(
        get("/stats/prometheus?text_readouts")
            .contains("envoy_tcp_version_text{envoy_tcp_prefix=\"a\",text_value=\"v\\\"1\"} 0"));
  }
}
