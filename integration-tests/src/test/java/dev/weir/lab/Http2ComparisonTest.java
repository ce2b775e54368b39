package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.lab.HttpComparison.Pace;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Hundreds of requests over HTTP/2, ordinary, odd, and such as smuggle something past a proxy that
/// passes them on over HTTP/1, on Envoy and on Weir: the answers are the same, hosts see the same,
/// and so does what is logged and counted. What is malformed is refused; whether the stream is
/// reset or the connection ends is left out of account here.
class Http2ComparisonTest {

  private static final Pattern COUNTED =
      Pattern.compile(
          "http\\.h\\d\\.(downstream_rq_[12345]xx|downstream_rq_completed|rq_total"
              + "|rq_direct_response|no_route|no_cluster"
              + "|downstream_rq_failed_path_normalization|downstream_rq_non_relative_path)"
              + "|http2\\.(dropped_headers_with_underscores|requests_rejected_with_underscores\\w*)");

  @Test
  void everyRequestIsAnsweredTheSame() throws IOException, InterruptedException {
    var comparison =
        new HttpComparison(
            "/http/bootstrap.yaml",
            Http2Request.load("/http/http2.txt"),
            COUNTED,
            true,
            new Pace(100, Await.DEADLINE));
    var expected = comparison.observe(ProxyKind.ENVOY, List.of());
    var actual = comparison.observe(ProxyKind.WEIR, List.of());
    assertEquals(answered(expected), answered(actual));
  }

  /// Without what is logged of requests that were not answered, of which Envoy says what is wrong
  /// with them, and whether their heads had been sent on by then, which is chance.
  private static String answered(List<String> seen) {
    return seen.stream()
        .filter(line -> !line.contains(" HTTP/2 0 ") && !line.contains("::rq_total"))
        .collect(Collectors.joining("\n"));
  }
}
