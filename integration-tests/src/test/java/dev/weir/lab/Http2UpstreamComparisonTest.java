package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.lab.HttpComparison.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What becomes of requests to hosts that speak HTTP/2 and answer in every way, or do not, on Envoy
/// and on Weir: answers, attempts, access log lines, and what is counted of connections, streams
/// and frames.
class Http2UpstreamComparisonTest {

  private static final Pattern COUNTED =
      Pattern.compile(
          "http\\.h\\.(downstream_rq_[12345]xx|downstream_rq_completed|rq_total|rq_reset\\w*)"
              + "|cluster\\.\\w+\\.(http2\\.|external\\.|retry\\.)?"
              + "(?!upstream_cx_(\\w*bytes|protocol_error))\\w+");

  @Test
  void everyAnswerIsTakenTheSameWay() throws IOException, InterruptedException {
    var comparison =
        new HttpComparison(
            "/http/upstream2.yaml",
            RawRequest.load("/http/upstream2.txt"),
            COUNTED,
            true,
            new Pace(1, Duration.ofSeconds(5)));
    var expected = observe(comparison, ProxyKind.ENVOY);
    var actual = observe(comparison, ProxyKind.WEIR);
    assertEquals(String.join("\n", expected), String.join("\n", actual));
  }

  private static List<String> observe(HttpComparison comparison, ProxyKind kind)
      throws IOException, InterruptedException {
    try (var host = Http2Echo.start()) {
      return comparison.observe(kind, List.of(), host.port());
    }
  }
}
