package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.lab.HttpComparison.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What HTTP filters do to requests, what they count and what they leave for the log, on Envoy and
/// on Weir.
class HttpFilterComparisonTest {

  /// What filters count.
  private static final Pattern COUNTED =
      Pattern.compile("http\\.h0\\.fault\\..*|cluster\\.echo\\.grpc\\..*");

  @Test
  void filtersDoTheSame() throws IOException, InterruptedException {
    var comparison =
        new HttpComparison(
            "/http/filters.yaml",
            RawRequest.load("/http/filters.txt"),
            COUNTED,
            true,
            new Pace(30, Duration.ofMillis(2500)));
    var expected = comparison.observe(ProxyKind.ENVOY, List.of());
    var actual = comparison.observe(ProxyKind.WEIR, List.of());
    assertEquals(String.join("\n", expected), String.join("\n", actual));
  }
}
