package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.lab.HttpComparison.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What becomes of requests on their way to hosts that do not answer as they should, or not in
/// time, on Envoy and on Weir: timeouts, retries, redirects that are followed, mirrors, limits,
/// hashes, our own answers, and what is logged and counted of all that.
class HttpRoutingComparisonTest {

  private static final Pattern COUNTED =
      Pattern.compile(
          "http\\.h\\d\\.(downstream_rq_[12345]xx|downstream_rq_completed|rq_total|rq_direct_response"
              + "|no_route|no_cluster|downstream_rq_\\w*(timeout|duration)\\w*|downstream_rq_[rt]x_reset"
              + "|downstream_cx_(idle|max)\\w*|passthrough_internal_redirect\\w*"
              + "|rq_reset_after_downstream_response_started)|vhost\\..*"
              + "|cluster\\.(?!two)\\w+\\.(internal\\.|external\\.|retry\\.|canary\\.|zone\\.\\w+\\.\\w+\\.|alt\\.)?upstream_(rq|internal)_(?!pending_total|active)\\w+");

  @Test
  void everyRequestGoesTheSameWay() throws IOException, InterruptedException {
    var comparison =
        new HttpComparison(
            "/http/routing.yaml",
            RawRequest.load("/http/routing.txt"),
            COUNTED,
            true,
            new Pace(150, Duration.ofSeconds(4)));
    try (var one = HttpEcho.start("one");
        var two = HttpEcho.start("two");
        var three = HttpEcho.start("three")) {
      var ring = List.of(one, two, three);
      var expected = comparison.observe(ProxyKind.ENVOY, ring);
      var actual = comparison.observe(ProxyKind.WEIR, ring);
      assertEquals(String.join("\n", expected), String.join("\n", actual));
    }
  }
}
