package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.lab.HttpComparison.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What access logs say of requests that go well, are refused, fail and break off, with every
/// operator and filter, on Envoy and on Weir.
class HttpLogComparisonTest {

  @Test
  void everyLineIsTheSame() throws IOException, InterruptedException {
    var comparison =
        new HttpComparison(
            "/http/log.yaml",
            RawRequest.load("/http/log.txt"),
            Pattern.compile("none"),
            true,
            new Pace(8, Duration.ofSeconds(5)));
    var expected = comparison.observe(ProxyKind.ENVOY, List.of());
    var actual = comparison.observe(ProxyKind.WEIR, List.of());
    assertEquals(String.join("\n", expected), String.join("\n", actual));
  }
}
