package dev.weir.xds;

import static dev.weir.xds.Samples.CLUSTERS;
import static dev.weir.xds.Samples.ENDPOINTS;
import static dev.weir.xds.Samples.LISTENERS;
import static dev.weir.xds.Samples.SECRETS;
import static dev.weir.xds.Samples.change;
import static dev.weir.xds.Samples.cluster;
import static dev.weir.xds.Samples.endpoints;
import static dev.weir.xds.Samples.listener;
import static dev.weir.xds.Samples.resource;
import static dev.weir.xds.Samples.secret;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.envoyproxy.envoy.service.discovery.v3.ResourceError;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The incremental protocol over an aggregated stream: every request is looked at.
class DeltaTest {
  private final Fixture fixture = new Fixture(true);
  private final Recorder recorder = new Recorder();

  @AfterEach
  void close() {
    fixture.close();
  }

  /// The stream, once it has been asked for something.
  private FakePlane.Stream asked() {
    var stream = fixture.plane.stream();
    stream.delta();
    return stream;
  }

  private static void sendA(FakePlane.Stream stream, String nonce) {
    stream.send(change(ENDPOINTS, nonce, resource("a", "1", endpoints("a", "x"))).build());
  }

  private static void sendListeners(FakePlane.Stream stream, String a, String b) {
    stream.send(
        change(
                LISTENERS,
                "n1",
                resource("a", "1", listener("a", a)),
                resource("b", "1", listener("b", b)))
            .build());
  }

  @Test
  void theFirstRequestForAllNamesNothing() {
    fixture.all(CLUSTERS, recorder);
    var request = fixture.plane.stream().delta();
    assertEquals("n1", request.getNode().getId());
    assertEquals(CLUSTERS.typeUrl(), request.getTypeUrl());
    assertEquals("", request.getResponseNonce());
    assertEquals(List.of(), request.getResourceNamesSubscribeList());
    assertEquals(Map.of(), request.getInitialResourceVersionsMap());
  }

  @Test
  void aResponseIsAcknowledgedByItsNonceAlone() {
    fixture.some(ENDPOINTS, recorder, "a");
    var stream = fixture.plane.stream();
    assertEquals(List.of("a"), stream.delta().getResourceNamesSubscribeList());
    sendA(stream, "n1");
    fixture.expect(recorder, "s-n1 +a=x");
    var ack = stream.delta();
    assertEquals("n1", ack.getResponseNonce());
    assertEquals(List.of(), ack.getResourceNamesSubscribeList());
    assertFalse(ack.hasErrorDetail());
    assertEquals("attempt=2 success=1", recorder.counts());
  }

  @Test
  void onlyWhatIsNamedIsRemoved() {
    fixture.all(LISTENERS, recorder);
    var stream = asked();
    sendListeners(stream, "x", "y");
    stream.send(change(LISTENERS, "n2", resource("b", "2", listener("b", "z"))).build());
    stream.send(change(LISTENERS, "n3").addRemovedResources("a").build());
    fixture.expect(recorder, "s-n1 +a=x +b=y");
    fixture.expect(recorder, "s-n2 +b=z");
    fixture.expect(recorder, "s-n3 -a");
  }

  @Test
  void theGoodResourcesOfARejectedResponseAreKeptAndTheirVersionsToo() {
    fixture.all(LISTENERS, recorder);
    var stream = asked();
    sendListeners(stream, "x", "bad");
    fixture.expect(recorder, "s-n1 +a=x !b");
    var nack = stream.delta();
    assertEquals("n1", nack.getResponseNonce());
    assertEquals(13, nack.getErrorDetail().getCode());
    assertEquals(
        "Error adding/updating listener(s) b: text: is bad\n", nack.getErrorDetail().getMessage());
    stream.end(Status.UNAVAILABLE);
    fixture.expect(recorder, "failed");
    fixture.loop.advance(Duration.ofSeconds(1));
    assertEquals(Map.of("a", "1"), fixture.plane.stream().delta().getInitialResourceVersionsMap());
  }

  @Test
  void aNewStreamIsToldOfAllThatIsHeldEvenWithEmptyVersions() {
    fixture.all(CLUSTERS, recorder);
    fixture.some(ENDPOINTS, recorder, "e", "f");
    var stream = asked();
    stream.delta();
    stream.send(
        change(
                CLUSTERS,
                "n1",
                resource("a", "", cluster("a", "x")),
                resource("b", "7", cluster("b", "y")))
            .build());
    stream.send(change(ENDPOINTS, "n2", resource("e", "", endpoints("e", "x"))).build());
    stream.delta();
    stream.delta();
    stream.end(Status.UNAVAILABLE);
    fixture.loop.until("the end", () -> recorder.counts().contains("failure=2"));
    fixture.loop.advance(Duration.ofSeconds(1));
    var again = fixture.plane.stream();
    var clusters = again.delta();
    assertEquals(CLUSTERS.typeUrl(), clusters.getTypeUrl());
    assertTrue(clusters.hasNode());
    assertEquals(Map.of("a", "", "b", "7"), clusters.getInitialResourceVersionsMap());
    assertEquals(List.of(), clusters.getResourceNamesSubscribeList());
    var endpoints = again.delta();
    assertEquals(Map.of("e", ""), endpoints.getInitialResourceVersionsMap());
    assertEquals(List.of("e", "f"), endpoints.getResourceNamesSubscribeList());
  }

  @Test
  void anEmptyVersionNeverMeansUnchanged() {
    fixture.all(CLUSTERS, recorder);
    var stream = asked();
    stream.send(change(CLUSTERS, "n1", resource("a", "", cluster("a", "x"))).build());
    stream.send(change(CLUSTERS, "n2", resource("a", "", cluster("a", "y"))).build());
    fixture.expect(recorder, "s-n1 +a=x");
    fixture.expect(recorder, "s-n2 +a=y");
  }

  @Test
  void anUnchangedResourceIsNotAppliedAgainButItsNewVersionIsRemembered() {
    fixture.all(CLUSTERS, recorder);
    var stream = asked();
    stream.send(change(CLUSTERS, "n1", resource("a", "1", cluster("a", "x"))).build());
    stream.send(change(CLUSTERS, "n2", resource("a", "2", cluster("a", "x"))).build());
    fixture.expect(recorder, "s-n1 +a=x");
    fixture.expect(recorder, "s-n2");
    stream.end(Status.UNAVAILABLE);
    fixture.expect(recorder, "failed");
    fixture.loop.advance(Duration.ofSeconds(1));
    assertEquals(Map.of("a", "2"), fixture.plane.stream().delta().getInitialResourceVersionsMap());
  }

  @Test
  void aChangeOfWishesIsSpontaneousAndSaysOnlyWhatChanged() {
    var subscription = fixture.some(ENDPOINTS, recorder, "a", "b");
    var stream = asked();
    sendA(stream, "n1");
    stream.delta();
    subscription.update(Set.of("b", "c"));
    var request = stream.delta();
    assertEquals("", request.getResponseNonce());
    assertEquals(List.of("c"), request.getResourceNamesSubscribeList());
    assertEquals(List.of("a"), request.getResourceNamesUnsubscribeList());
    assertEquals(Map.of(), request.getInitialResourceVersionsMap());
    subscription.update(Set.of("b", "c"));
    subscription.close();
    assertEquals(Set.of("b", "c"), Set.copyOf(stream.delta().getResourceNamesUnsubscribeList()));
    fixture.loop.run();
    assertNull(stream.poll());
  }

  @Test
  void aWishBesidesAllNamesTheStar() {
    var all = fixture.all(CLUSTERS, recorder);
    var stream = asked();
    var named = fixture.some(CLUSTERS, new Recorder(), "a");
    assertEquals(Set.of("*", "a"), Set.copyOf(stream.delta().getResourceNamesSubscribeList()));
    all.close();
    assertEquals(List.of("*"), stream.delta().getResourceNamesUnsubscribeList());
    named.close();
    assertEquals(List.of("a"), stream.delta().getResourceNamesUnsubscribeList());
  }

  @Test
  void allIsUnsubscribedByTheStarEvenIfItWasNeverNamed() {
    var all = fixture.all(CLUSTERS, recorder);
    var stream = asked();
    all.close();
    assertEquals(List.of("*"), stream.delta().getResourceNamesUnsubscribeList());
  }

  @Test
  void whoeverComesBackIsSubscribedAgainAndGetsTheFreshAnswer() {
    var first = fixture.some(ENDPOINTS, recorder, "a");
    var stream = asked();
    sendA(stream, "n1");
    fixture.expect(recorder, "s-n1 +a=x");
    stream.delta();
    first.close();
    var second = new Recorder();
    fixture.some(ENDPOINTS, second, "a");
    expectAgain(stream, "a");
    sendA(stream, "n2");
    fixture.expect(second, "s-n2 +a=x");
  }

  /// An istiod does not answer who subscribes to what it is subscribed to already.
  private static void expectAgain(FakePlane.Stream stream, String name) {
    var leaving = stream.delta();
    assertEquals(List.of(name), leaving.getResourceNamesUnsubscribeList());
    assertEquals(List.of(), leaving.getResourceNamesSubscribeList());
    var coming = stream.delta();
    assertEquals(List.of(name), coming.getResourceNamesSubscribeList());
    assertEquals(List.of(), coming.getResourceNamesUnsubscribeList());
    assertEquals("", leaving.getResponseNonce() + coming.getResponseNonce());
  }

  @Test
  void aSecondSubscriberOfANameUnsubscribesAndSubscribesIt() {
    fixture.some(ENDPOINTS, recorder, "a");
    var stream = asked();
    var second = new Recorder();
    fixture.some(ENDPOINTS, second, "a");
    expectAgain(stream, "a");
    sendA(stream, "n1");
    fixture.expect(recorder, "s-n1 +a=x");
    fixture.expect(second, "s-n1 +a=x");
  }

  @Test
  void aSecondSubscriberIsNotToldOfToAnybodyWhereWhatIsHeldWillDo() {
    fixture.some(SECRETS, recorder, "a");
    var stream = asked();
    stream.send(change(SECRETS, "n1", resource("a", "1", secret("a", "x"))).build());
    fixture.expect(recorder, "s-n1 +a=x");
    assertEquals("n1", stream.delta().getResponseNonce());
    var second = new Recorder();
    fixture.some(SECRETS, second, "a");
    fixture.expect(second, "s-n1 +a=x");
    fixture.some(SECRETS, new Recorder(), "b");
    assertEquals(List.of("b"), stream.delta().getResourceNamesSubscribeList());
  }

  @Test
  void whatTheControlPlaneRemovesBetweenTheTwoComesAgain() {
    fixture.some(ENDPOINTS, recorder, "a");
    var stream = asked();
    sendA(stream, "n1");
    fixture.expect(recorder, "s-n1 +a=x");
    stream.delta();
    var second = new Recorder();
    fixture.some(ENDPOINTS, second, "a");
    expectAgain(stream, "a");
    stream.send(change(ENDPOINTS, "n2").addRemovedResources("a").build());
    fixture.expect(second, "s-n2 -a");
    sendA(stream, "n3");
    fixture.expect(second, "s-n3 +a=x");
  }

  @Test
  void aRemovedNameIsToldToWhoeverWaitsForIt() {
    fixture.some(ENDPOINTS, recorder, "a");
    var stream = asked();
    stream.send(change(ENDPOINTS, "n1").addRemovedResources("a").build());
    fixture.expect(recorder, "s-n1 -a");
    assertEquals("attempt=2 empty=1 success=1", recorder.counts());
    assertEquals(
        ResourceStatus.State.DOES_NOT_EXIST,
        fixture.client.snapshot(ENDPOINTS.typeUrl()).getFirst().state());
  }

  @Test
  void aNameThatIsAddedAndRemovedAtOnceIsRefused() {
    fixture.all(CLUSTERS, recorder);
    var stream = asked();
    stream.send(
        change(CLUSTERS, "n1", resource("a", "1", cluster("a", "x")))
            .addRemovedResources("a")
            .build());
    fixture.expect(recorder, "s-n1 +a=x !a");
    assertTrue(stream.delta().hasErrorDetail());
  }

  @Test
  void aResourceWithoutABodyIsRefusedAndAnAliasIgnored() {
    fixture.all(CLUSTERS, recorder);
    var stream = asked();
    stream.send(
        change(
                CLUSTERS,
                "n1",
                Resource.newBuilder().setName("a").setVersion("1").build(),
                Resource.newBuilder().setName("b").addAliases("c").build())
            .build());
    fixture.expect(recorder, "s-n1 !a");
    assertEquals(
        "Error adding/updating cluster(s) a: there is no resource in it",
        stream.delta().getErrorDetail().getMessage());
  }

  @Test
  void aNameThatStandsTwiceAndAnotherTypeAreRefused() {
    fixture.all(CLUSTERS, recorder);
    var stream = asked();
    stream.send(
        change(
                CLUSTERS,
                "n1",
                resource("a", "1", cluster("a", "x")),
                resource("a", "1", cluster("a", "y")),
                resource("l", "1", listener("l", "z")))
            .build());
    fixture.expect(recorder, "s-n1 +a=x !a !l");
    assertEquals(
        "Error adding/updating cluster(s) a: duplicate cluster a found, l: type URL "
            + LISTENERS.typeUrl()
            + " does not match the message-wide type URL "
            + CLUSTERS.typeUrl(),
        stream.delta().getErrorDetail().getMessage());
  }

  @Test
  void whatNobodyAskedForIsIgnoredEvenIfItIsBad() {
    fixture.some(ENDPOINTS, recorder, "a");
    var stream = asked();
    stream.send(
        change(
                ENDPOINTS,
                "n1",
                resource("y", "1", endpoints("y", "bad")),
                resource("z", "1", endpoints("z", "x")))
            .addRemovedResources("w")
            .build());
    var ack = stream.delta();
    assertEquals("n1", ack.getResponseNonce());
    assertFalse(ack.hasErrorDetail());
    assertTrue(recorder.calls.isEmpty());
  }

  @Test
  void anErrorOfASingleResourceIsReportedAndTheOldOneStays() {
    fixture.some(ENDPOINTS, recorder, "a");
    var stream = asked();
    sendA(stream, "n1");
    fixture.expect(recorder, "s-n1 +a=x");
    var error = ResourceError.newBuilder();
    error.getResourceNameBuilder().setName("a");
    error.getErrorDetailBuilder().setCode(7).setMessage("not yours");
    stream.send(change(ENDPOINTS, "n2").addResourceErrors(error).build());
    fixture.expect(recorder, "failed");
    var status = fixture.client.snapshot(ENDPOINTS.typeUrl()).getFirst();
    assertEquals(ResourceStatus.State.RECEIVED_ERROR, status.state());
    assertEquals("1", Objects.requireNonNull(status.held()).version());
  }

  @Test
  void responsesAreAnsweredOneByOneInOrder() {
    fixture.all(CLUSTERS, recorder);
    fixture.all(LISTENERS, recorder);
    var stream = asked();
    stream.delta();
    for (var i = 0; i < 20; i++) {
      var type = i % 2 == 0 ? CLUSTERS : LISTENERS;
      stream.send(change(type, "n" + i).build());
    }
    for (var i = 0; i < 20; i++) {
      assertEquals("n" + i, stream.delta().getResponseNonce());
    }
  }
}
