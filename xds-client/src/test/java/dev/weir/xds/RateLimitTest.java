package dev.weir.xds;

import static dev.weir.xds.Samples.CLUSTERS;
import static dev.weir.xds.Samples.ENDPOINTS;
import static dev.weir.xds.Samples.cluster;
import static dev.weir.xds.Samples.world;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.xds.ApiConfig.Backoff;
import dev.weir.xds.ApiConfig.RateLimit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How often we speak.
class RateLimitTest {
  private final Recorder recorder = new Recorder();

  @Test
  void aControlPlaneThatAnswersEachNackWithTheSameAgainIsSlowedDown() {
    try (var fixture = new Fixture(false)) {
      fixture.all(CLUSTERS, recorder);
      var stream = fixture.plane.stream();
      stream.sotw();
      for (var i = 0; i < 100; i++) {
        stream.send(world(CLUSTERS, "v1", "n" + i, cluster("a", "bad")).build());
        assertEquals("n" + i, stream.sotw().getResponseNonce());
      }
      stream.send(world(CLUSTERS, "v1", "n100", cluster("a", "bad")).build());
      stream.send(world(CLUSTERS, "v1", "n101", cluster("a", "bad")).build());
      fixture.loop.until("the limit", () -> fixture.ads.limited == 1);
      assertNull(stream.poll());
      assertEquals(1, fixture.ads.pending);
      // Nor is anything read meanwhile.
      assertEquals(101, recorder.calls.size());
      fixture.loop.advance(Duration.ofMillis(100));
      assertEquals("n100", stream.sotw().getResponseNonce());
      fixture.loop.until("the limit", () -> fixture.ads.limited == 2);
      fixture.loop.advance(Duration.ofMillis(100));
      assertEquals("n101", stream.sotw().getResponseNonce());
      assertEquals(0, fixture.ads.pending);
    }
  }

  @Test
  void acknowledgementsAreNotSlowedDownUnlessThatIsAskedFor() {
    try (var fixture = new Fixture(false)) {
      fixture.all(CLUSTERS, recorder);
      var stream = fixture.plane.stream();
      stream.sotw();
      for (var i = 0; i < 300; i++) {
        stream.send(world(CLUSTERS, "v" + i, "n" + i).build());
      }
      for (var i = 0; i < 300; i++) {
        assertEquals("n" + i, stream.sotw().getResponseNonce());
      }
    }
  }

  @Test
  void aConfiguredLimitHoldsForAllRequests() {
    var api =
        new ApiConfig(
            List.of("plane"), false, false, new RateLimit(2, 0.5), Backoff.DEFAULT, List.of());
    try (var fixture = new Fixture(api)) {
      fixture.all(CLUSTERS, recorder);
      var stream = fixture.plane.stream();
      stream.sotw();
      stream.send(world(CLUSTERS, "v1", "n1").build());
      assertEquals("n1", stream.sotw().getResponseNonce());
      fixture.some(ENDPOINTS, recorder, "a");
      fixture.loop.until("the limit", () -> fixture.ads.limited == 1);
      fixture.some(ENDPOINTS, recorder, "b");
      fixture.loop.advance(Duration.ofMillis(1999));
      assertNull(stream.poll());
      assertEquals(1, fixture.ads.pending);
      fixture.loop.advance(Duration.ofMillis(1));
      // What was wished for meanwhile is in the same request.
      assertEquals(List.of("a", "b"), stream.sotw().getResourceNamesList());
    }
  }
}
