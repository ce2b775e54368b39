package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.lab.HttpComparison.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Hundreds of raw HTTP/1 requests, ordinary, odd and hostile, on Envoy and on Weir: the answers
/// have to be the same, headers, bodies and the end of the connection included, and so does what is
/// logged and counted.
class HttpComparisonTest {

  /// Counters of what clients see.
  private static final Pattern COUNTED =
      Pattern.compile(
          "http\\.h[0134]\\.(downstream_rq_[12345]xx|downstream_rq_completed"
              + "|rq_total|rq_direct_response|no_route|no_cluster|fault\\..*|cors\\..*"
              + "|downstream_rq_failed_path_normalization|downstream_rq_non_relative_path)");

  @Test
  void everyRequestIsAnsweredTheSame() throws IOException, InterruptedException {
    var comparison =
        new HttpComparison(
            "/http/bootstrap.yaml",
            RawRequest.load("/http/requests.txt"),
            COUNTED,
            false,
            new Pace(100, Duration.ofMillis(2500)));
    var expected = comparison.observe(ProxyKind.ENVOY, List.of());
    var actual = comparison.observe(ProxyKind.WEIR, List.of());
    assertEquals(String.join("\n", expected), String.join("\n", actual));
  }
}
