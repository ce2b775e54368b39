package dev.weir.xds;

import static dev.weir.xds.Samples.CLUSTERS;
import static dev.weir.xds.Samples.ENDPOINTS;
import static dev.weir.xds.Samples.LISTENERS;
import static dev.weir.xds.Samples.SECRETS;
import static dev.weir.xds.Samples.cluster;
import static dev.weir.xds.Samples.endpoints;
import static dev.weir.xds.Samples.listener;
import static dev.weir.xds.Samples.secret;
import static dev.weir.xds.Samples.world;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.envoyproxy.envoy.service.discovery.v3.ResourceError;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// State of the world over an aggregated stream: every request is looked at.
class SotwTest {
  private final Fixture fixture = new Fixture(false);
  private final Recorder recorder = new Recorder();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theFirstRequestSaysWhoWeAreAndNothingElse() {
    fixture.all(CLUSTERS, recorder);
    var request = fixture.plane.stream().sotw();
    assertEquals("n1", request.getNode().getId());
    assertEquals("weir", request.getNode().getUserAgentName());
    assertEquals(CLUSTERS.typeUrl(), request.getTypeUrl());
    assertEquals("", request.getVersionInfo());
    assertEquals("", request.getResponseNonce());
    assertEquals(List.of(), request.getResourceNamesList());
    assertEquals("attempt=1", recorder.counts());
  }

  @Test
  void aGoodResponseIsAppliedAndAcknowledged() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(CLUSTERS, "v1", "n1", cluster("a", "x"), cluster("b", "y")).build());
    fixture.expect(recorder, "v1 +a=x +b=y");
    var ack = stream.sotw();
    assertEquals("v1", ack.getVersionInfo());
    assertEquals("n1", ack.getResponseNonce());
    assertFalse(ack.hasErrorDetail());
    assertTrue(ack.hasNode());
    assertEquals("attempt=2 success=1", recorder.counts());
    assertEquals("v1", recorder.version);
  }

  @Test
  void badResourcesAreNamedOnePerLineAndTheGoodOnesOfTheSameResponseAreApplied() {
    fixture.all(LISTENERS, recorder);
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(LISTENERS, "v1", "n1", listener("a", "x"), listener("b", "y")).build());
    stream.sotw();
    stream.send(
        world(LISTENERS, "v2", "n2", listener("a", "bad"), listener("b", "z"), listener("c", "bug"))
            .build());
    fixture.expect(recorder, "v1 +a=x +b=y");
    fixture.expect(recorder, "v2 +b=z !a !c");
    var nack = stream.sotw();
    assertEquals("v1", nack.getVersionInfo());
    assertEquals("n2", nack.getResponseNonce());
    assertEquals(13, nack.getErrorDetail().getCode());
    assertEquals(
        """
        Error adding/updating listener(s) a: text: is bad
        c: internal error: java.lang.IllegalStateException: a bug
        """,
        nack.getErrorDetail().getMessage());
    assertEquals("attempt=3 rejected=1 success=1", recorder.counts());
    assertEquals("v1", recorder.version);
  }

  @Test
  void whatTheSinkCannotApplyBecomesPartOfTheNack() {
    fixture.all(CLUSTERS, recorder);
    recorder.refuse.put("b", "no room");
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(
        world(CLUSTERS, "v1", "n1", cluster("a", "bad"), cluster("b", "x"), cluster("c", "y"))
            .build());
    var nack = stream.sotw();
    assertEquals("", nack.getVersionInfo());
    assertEquals(
        "Error adding/updating cluster(s) a: text: is bad, b: no room",
        nack.getErrorDetail().getMessage());
    assertEquals(
        List.of("a NACKED -", "b NACKED -", "c ACKED v1"),
        fixture.client.snapshot(CLUSTERS.typeUrl()).stream()
            .sorted(Comparator.comparing(ResourceStatus::name))
            .map(SotwTest::brief)
            .toList());
  }

  private static String brief(ResourceStatus status) {
    var held = status.held();
    return status.name() + " " + status.state() + " " + (held == null ? "-" : held.version());
  }

  @Test
  void whatTheSinkRefusedIsTriedAgainWhenItComesAgain() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    stream.sotw();
    recorder.refuse.put("a", "port taken");
    stream.send(world(CLUSTERS, "v1", "n1", cluster("a", "x")).build());
    fixture.expect(recorder, "v1 +a=x");
    recorder.refuse.clear();
    stream.send(world(CLUSTERS, "v1", "n2", cluster("a", "x")).build());
    fixture.expect(recorder, "v1 +a=x");
    assertEquals(13, stream.sotw().getErrorDetail().getCode());
    assertFalse(stream.sotw().hasErrorDetail());
  }

  @Test
  void anUnchangedResourceIsNotAppliedAgainButTheResponseCounts() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(CLUSTERS, "v1", "n1", cluster("a", "x"), cluster("b", "y")).build());
    stream.send(world(CLUSTERS, "v2", "n2", cluster("a", "x"), cluster("b", "z")).build());
    fixture.expect(recorder, "v1 +a=x +b=y");
    fixture.expect(recorder, "v2 +b=z");
    assertEquals("v1", stream.sotw().getVersionInfo());
    assertEquals("v2", stream.sotw().getVersionInfo());
    assertEquals("attempt=3 success=2", recorder.counts());
    assertEquals(
        List.of("v1", "v2"),
        fixture.client.snapshot(CLUSTERS.typeUrl()).stream()
            .map(status -> Objects.requireNonNull(status.held()).version())
            .toList());
  }

  @Test
  void clustersAndListenersThatAResponseLeavesOutAreGone() {
    fixture.all(LISTENERS, recorder);
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(LISTENERS, "v1", "n1", listener("a", "x"), listener("b", "y")).build());
    stream.send(world(LISTENERS, "v2", "n2", listener("b", "y")).build());
    stream.send(world(LISTENERS, "v3", "n3").build());
    fixture.expect(recorder, "v1 +a=x +b=y");
    fixture.expect(recorder, "v2 -a");
    fixture.expect(recorder, "v3 -b");
  }

  @Test
  void aRejectedResourceIsNotTakenForOneThatIsGone() {
    fixture.all(LISTENERS, recorder);
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(LISTENERS, "v1", "n1", listener("a", "x"), listener("b", "y")).build());
    stream.send(world(LISTENERS, "v2", "n2", listener("a", "bad")).build());
    fixture.expect(recorder, "v1 +a=x +b=y");
    fixture.expect(recorder, "v2 -b !a");
  }

  @Test
  void nothingIsRemovedWhileSomethingIsUnreadable() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(CLUSTERS, "v1", "n1", cluster("a", "x")).build());
    var garbled =
        Any.newBuilder()
            .setTypeUrl(CLUSTERS.typeUrl())
            .setValue(ByteString.copyFromUtf8("\u0001\u0002\u0003"));
    stream.send(world(CLUSTERS, "v2", "n2").addResources(garbled).build());
    fixture.expect(recorder, "v1 +a=x");
    fixture.expect(recorder, "v2 !");
    stream.sotw();
    assertTrue(stream.sotw().getErrorDetail().getMessage().contains("unreadable"));
    var garbledWrapper = garbled.setTypeUrl(Any.pack(Resource.getDefaultInstance()).getTypeUrl());
    stream.send(world(CLUSTERS, "v3", "n3").addResources(garbledWrapper).build());
    fixture.expect(recorder, "v3 !");
  }

  @Test
  void endpointsAndSecretsThatAResponseLeavesOutStay() {
    var other = new Recorder();
    fixture.some(SECRETS, recorder, "a");
    fixture.some(SECRETS, other, "b");
    var stream = fixture.plane.stream();
    assertEquals(List.of("a", "b"), stream.sotw().getResourceNamesList());
    stream.send(world(SECRETS, "v1", "n1", secret("a", "x"), secret("b", "y")).build());
    stream.send(world(SECRETS, "v2", "n2", secret("b", "z")).build());
    stream.send(world(SECRETS, "v3", "n3").build());
    fixture.expect(recorder, "v1 +a=x");
    fixture.expect(other, "v1 +b=y");
    fixture.expect(other, "v2 +b=z");
    for (var nonce : List.of("n1", "n2", "n3")) {
      var ack = stream.sotw();
      assertEquals(nonce, ack.getResponseNonce());
      assertEquals(List.of("a", "b"), ack.getResourceNamesList());
    }
    assertTrue(recorder.calls.isEmpty());
    assertEquals("attempt=2 success=1", recorder.counts());
    assertEquals("attempt=3 success=2", other.counts());
  }

  @Test
  void aChangeOfNamesCarriesTheLastNonceAndVersion() {
    var subscription = fixture.some(ENDPOINTS, recorder, "a");
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(ENDPOINTS, "v1", "n1", endpoints("a", "x")).build());
    stream.sotw();
    subscription.update(Set.of("b"));
    var request = stream.sotw();
    assertEquals(List.of("b"), request.getResourceNamesList());
    assertEquals("v1", request.getVersionInfo());
    assertEquals("n1", request.getResponseNonce());
    subscription.close();
    assertEquals(List.of(), stream.sotw().getResourceNamesList());
  }

  @Test
  void whoeverWantsAllAndNamesAsksForTheStarAndTheNames() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    assertEquals(List.of(), stream.sotw().getResourceNamesList());
    var named = fixture.some(CLUSTERS, new Recorder(), "a");
    assertEquals(List.of("*", "a"), stream.sotw().getResourceNamesList());
    named.close();
    assertEquals(List.of("*"), stream.sotw().getResourceNamesList());
  }

  @Test
  void manySubscriptionsOfOneTurnAreOneRequest() {
    for (var name : List.of("a", "b", "c")) {
      fixture.some(ENDPOINTS, new Recorder(), name);
    }
    var stream = fixture.plane.stream();
    assertEquals(List.of("a", "b", "c"), stream.sotw().getResourceNamesList());
    var cluster = fixture.some(ENDPOINTS, new Recorder(), "d");
    cluster.close();
    fixture.some(ENDPOINTS, new Recorder(), "e");
    assertEquals(List.of("a", "b", "c", "e"), stream.sotw().getResourceNamesList());
    assertNull(stream.poll());
  }

  @Test
  void aSecondSubscriberOfANameMakesTheRequestGoOutAgain() {
    fixture.some(ENDPOINTS, recorder, "a");
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(ENDPOINTS, "v1", "n1", endpoints("a", "x")).build());
    stream.sotw();
    var second = new Recorder();
    fixture.some(ENDPOINTS, second, "a");
    var again = stream.sotw();
    assertEquals(List.of("a"), again.getResourceNamesList());
    assertEquals("n1", again.getResponseNonce());
    assertTrue(second.calls.isEmpty());
    stream.send(world(ENDPOINTS, "v1", "n2", endpoints("a", "x")).build());
    fixture.expect(second, "v1 +a=x");
    stream.sotw();
    fixture.expect(recorder, "v1 +a=x");
    assertTrue(recorder.calls.isEmpty());
  }

  @Test
  void typesAreAskedForInTheOrderInWhichTheyReferToEachOther() {
    fixture.some(SECRETS, recorder, "s");
    fixture.all(LISTENERS, recorder);
    fixture.some(ENDPOINTS, recorder, "e");
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    for (var type : List.of(CLUSTERS, ENDPOINTS, LISTENERS, SECRETS)) {
      assertEquals(type.typeUrl(), stream.sotw().getTypeUrl());
    }
  }

  @Test
  void wrappedResourcesAreUnwrapped() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    stream.sotw();
    var wrapped =
        Resource.newBuilder().setName("a").setResource(Any.pack(cluster("a", "x"))).build();
    stream.send(world(CLUSTERS, "v1", "n1", wrapped, cluster("b", "y")).build());
    fixture.expect(recorder, "v1 +a=x +b=y");
  }

  @Test
  void aNameThatStandsTwiceIsRefusedTheSecondTime() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(CLUSTERS, "v1", "n1", cluster("a", "x"), cluster("a", "y")).build());
    fixture.expect(recorder, "v1 +a=x !a");
    assertEquals(
        "Error adding/updating cluster(s) a: duplicate cluster a found",
        stream.sotw().getErrorDetail().getMessage());
  }

  @Test
  void aResourceOfAnotherTypeIsRefused() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(CLUSTERS, "v1", "n1", listener("a", "x"), cluster("b", "y")).build());
    fixture.expect(recorder, "v1 +b=y !");
    assertEquals(
        "Error adding/updating cluster(s) type URL "
            + LISTENERS.typeUrl()
            + " does not match the message-wide type URL "
            + CLUSTERS.typeUrl(),
        stream.sotw().getErrorDetail().getMessage());
  }

  @Test
  void whatNobodyAskedForIsIgnoredEvenIfItIsBad() {
    fixture.some(ENDPOINTS, recorder, "a");
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(ENDPOINTS, "v1", "n1", endpoints("z", "bad"), endpoints("y", "x")).build());
    assertFalse(stream.sotw().hasErrorDetail());
    stream.send(world(LISTENERS, "v1", "l1", listener("l", "x")).build());
    stream.send(world(ENDPOINTS, "v2", "n2", endpoints("a", "x")).build());
    assertEquals("n2", stream.sotw().getResponseNonce());
    fixture.expect(recorder, "v2 +a=x");
    assertEquals(1, fixture.client.snapshot(ENDPOINTS.typeUrl()).size());
  }

  @Test
  void aResponseIsAcknowledgedEvenIfNobodyIsLeftToCare() {
    var subscription = fixture.some(ENDPOINTS, recorder, "a");
    var stream = fixture.plane.stream();
    stream.sotw();
    subscription.close();
    assertEquals(List.of(), stream.sotw().getResourceNamesList());
    stream.send(world(ENDPOINTS, "v1", "n1", endpoints("a", "x")).build());
    assertEquals("n1", stream.sotw().getResponseNonce());
    assertTrue(recorder.calls.isEmpty());
  }

  @Test
  void errorsOfSingleResourcesAreReportedAndTheOldOnesStay() {
    fixture.some(ENDPOINTS, recorder, "a");
    var stream = fixture.plane.stream();
    stream.sotw();
    stream.send(world(ENDPOINTS, "v1", "n1", endpoints("a", "x")).build());
    fixture.expect(recorder, "v1 +a=x");
    var error = ResourceError.newBuilder();
    error.getResourceNameBuilder().setName("a");
    error.getErrorDetailBuilder().setCode(7).setMessage("not yours");
    stream.send(world(ENDPOINTS, "v2", "n2").addResourceErrors(error).build());
    fixture.expect(recorder, "failed");
    var status = fixture.client.snapshot(ENDPOINTS.typeUrl()).getFirst();
    assertEquals(ResourceStatus.State.RECEIVED_ERROR, status.state());
    assertEquals("7, not yours", Objects.requireNonNull(status.failure()).reason());
    assertEquals("v1", Objects.requireNonNull(status.held()).version());
  }

  @Test
  void whoAnswersIsTold() {
    fixture.all(CLUSTERS, recorder);
    var stream = fixture.plane.stream();
    stream.sotw();
    var response = world(CLUSTERS, "v1", "n1");
    response.getControlPlaneBuilder().setIdentifier("istiod-1");
    stream.send(response.build());
    fixture.expect(recorder, "v1");
    assertEquals("istiod-1", fixture.ads.identifier);
    assertTrue(fixture.ads.connected);
  }
}
