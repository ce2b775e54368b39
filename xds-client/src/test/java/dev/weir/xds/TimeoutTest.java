package dev.weir.xds;

import static dev.weir.xds.Samples.CLUSTERS;
import static dev.weir.xds.Samples.ENDPOINTS;
import static dev.weir.xds.Samples.SECRETS;
import static dev.weir.xds.Samples.change;
import static dev.weir.xds.Samples.cluster;
import static dev.weir.xds.Samples.endpoints;
import static dev.weir.xds.Samples.resource;
import static dev.weir.xds.Samples.secret;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What happens when an answer does not come, or a resource runs out.
class TimeoutTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final Fixture fixture = new Fixture(true);
  private final Recorder recorder = new Recorder();

  @AfterEach
  void close() {
    fixture.close();
  }

  private Subscription patient(ResourceType<?, String> type, Names names, Recorder who) {
    return fixture.client.subscribe(new ConfigSource.Ads(TIMEOUT), type, names, who, who);
  }

  private ResourceStatus.State state(ResourceType<?, String> type) {
    return fixture.client.snapshot(type.typeUrl()).getFirst().state();
  }

  @Test
  void whoeverWaitsTooLongIsToldAndMayStillGetIt() {
    patient(ENDPOINTS, Names.of("a"), recorder);
    var stream = fixture.plane.stream();
    stream.delta();
    assertEquals(ResourceStatus.State.REQUESTED, state(ENDPOINTS));
    fixture.loop.advance(TIMEOUT.minusMillis(1));
    assertTrue(recorder.calls.isEmpty());
    fixture.loop.advance(Duration.ofMillis(1));
    fixture.expect(recorder, "timed out [a]");
    assertEquals("attempt=2 timeout=1", recorder.counts());
    assertEquals(ResourceStatus.State.TIMEOUT, state(ENDPOINTS));
    stream.send(change(ENDPOINTS, "n1", resource("a", "1", endpoints("a", "x"))).build());
    fixture.expect(recorder, "s-n1 +a=x");
    assertEquals(ResourceStatus.State.ACKED, state(ENDPOINTS));
  }

  @Test
  void anAnswerInTimeEndsTheWait() {
    patient(CLUSTERS, Names.wildcard(), recorder);
    var stream = fixture.plane.stream();
    stream.send(change(CLUSTERS, "n1").build());
    fixture.expect(recorder, "s-n1");
    assertEquals(0, fixture.loop.timers());
  }

  @Test
  void aRejectedAnswerEndsTheWaitToo() {
    patient(CLUSTERS, Names.wildcard(), recorder);
    var stream = fixture.plane.stream();
    stream.send(change(CLUSTERS, "n1", resource("a", "1", cluster("a", "bad"))).build());
    fixture.expect(recorder, "s-n1 !a");
    assertEquals(0, fixture.loop.timers());
  }

  @Test
  void zeroWaitsForEver() {
    fixture.some(ENDPOINTS, recorder, "a");
    fixture.plane.stream().delta();
    fixture.loop.advance(Duration.ofDays(1));
    assertTrue(recorder.calls.isEmpty());
  }

  @Test
  void aControlPlaneThatCannotBeReachedIsNotWaitedForLonger() {
    fixture.planes.clear();
    patient(CLUSTERS, Names.wildcard(), recorder);
    fixture.expect(recorder, "failed");
    fixture.loop.advance(TIMEOUT);
    fixture.loop.until("the timeout", () -> recorder.counts().contains("timeout=1"));
    recorder.calls.removeIf("failed"::equals);
    assertEquals("timed out []", recorder.calls.peek());
  }

  @Test
  void theWaitBeginsWhenTheRequestIsNotHeldBackAnyMore() {
    var pause = fixture.client.pause(ENDPOINTS.typeUrl());
    patient(ENDPOINTS, Names.of("a"), recorder);
    patient(ENDPOINTS, Names.of("b"), new Recorder());
    fixture.all(CLUSTERS, new Recorder());
    var stream = fixture.plane.stream();
    assertEquals(CLUSTERS.typeUrl(), stream.delta().getTypeUrl());
    fixture.loop.advance(Duration.ofMinutes(1));
    assertTrue(recorder.calls.isEmpty());
    pause.close();
    pause.close();
    assertEquals(2, stream.delta().getResourceNamesSubscribeCount());
    fixture.loop.advance(TIMEOUT);
    fixture.expect(recorder, "timed out [a]");
  }

  @Test
  void newEndpointsAreWaitedForAndTheHeldOnesTakenOnlyAfterThat() {
    fixture.some(ENDPOINTS, recorder, "a");
    var stream = fixture.plane.stream();
    stream.send(change(ENDPOINTS, "n1", resource("a", "1", endpoints("a", "x"))).build());
    fixture.expect(recorder, "s-n1 +a=x");
    var second = new Recorder();
    patient(ENDPOINTS, Names.of("a"), second);
    fixture.loop.advance(TIMEOUT.minusMillis(1));
    assertTrue(second.calls.isEmpty());
    fixture.loop.advance(Duration.ofMillis(1));
    fixture.expect(second, "s-n1 +a=x");
    assertEquals("attempt=2 cached=1 timeout=1", second.counts());
  }

  @Test
  void aSecretThatIsHeldIsDeliveredAtOnce() {
    fixture.some(SECRETS, recorder, "s");
    var stream = fixture.plane.stream();
    stream.send(change(SECRETS, "n1", resource("s", "1", secret("s", "x"))).build());
    fixture.expect(recorder, "s-n1 +s=x");
    var second = new Recorder();
    fixture.some(SECRETS, second, "s");
    assertTrue(second.calls.isEmpty());
    fixture.expect(second, "s-n1 +s=x");
  }

  private static Resource expiring(String version, boolean heartbeat) {
    var resource =
        heartbeat
            ? Resource.newBuilder().setName("a").setVersion(version)
            : resource("a", version, cluster("a", "x")).toBuilder();
    resource.getTtlBuilder().setSeconds(10);
    return resource.build();
  }

  @Test
  void aResourceThatRunsOutIsRemoved() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    stream.send(change(CLUSTERS, "n1", expiring("1", false)).build());
    fixture.expect(recorder, "s-n1 +a=x");
    fixture.loop.advance(Duration.ofSeconds(9));
    assertTrue(recorder.calls.isEmpty());
    fixture.loop.advance(Duration.ofSeconds(1));
    fixture.expect(recorder, " -a");
    assertTrue(fixture.client.snapshot(CLUSTERS.typeUrl()).isEmpty());
  }

  @Test
  void aHeartbeatRenewsTheTimeAndChangesNothing() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    stream.delta();
    stream.send(change(CLUSTERS, "n1", expiring("1", false)).build());
    fixture.expect(recorder, "s-n1 +a=x");
    for (var i = 0; i < 5; i++) {
      fixture.loop.advance(Duration.ofSeconds(9));
      stream.send(change(CLUSTERS, "h" + i, expiring("1", true)).build());
      fixture.expect(recorder, "s-h" + i);
    }
    fixture.loop.advance(Duration.ofSeconds(10));
    fixture.expect(recorder, " -a");
  }

  @Test
  void aResourceThatComesAgainWithoutATimeStays() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    stream.send(change(CLUSTERS, "n1", expiring("1", false)).build());
    stream.send(change(CLUSTERS, "n2", resource("a", "2", cluster("a", "x"))).build());
    fixture.expect(recorder, "s-n1 +a=x");
    fixture.expect(recorder, "s-n2");
    assertEquals(0, fixture.loop.timers());
  }
}
