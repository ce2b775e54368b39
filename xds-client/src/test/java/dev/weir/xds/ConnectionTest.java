package dev.weir.xds;

import static dev.weir.xds.Samples.CLUSTERS;
import static dev.weir.xds.Samples.ENDPOINTS;
import static dev.weir.xds.Samples.SECRETS;
import static dev.weir.xds.Samples.change;
import static dev.weir.xds.Samples.cluster;
import static dev.weir.xds.Samples.endpoints;
import static dev.weir.xds.Samples.resource;
import static dev.weir.xds.Samples.secret;
import static dev.weir.xds.Samples.world;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.weir.xds.ApiConfig.Backoff;
import dev.weir.xds.ApiConfig.Header;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Connecting, losing the connection, and connecting again.
class ConnectionTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Recorder recorder = new Recorder();

  /// An address where nobody listens.
  private static ControlPlane.Address nowhere() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new ControlPlane.Address.Host("127.0.0.1", socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aLostStreamIsOpenedAgainAndEverythingIsAskedForAgainWithTheLastGoodVersion() {
    try (var fixture = new Fixture(false)) {
      fixture.all(CLUSTERS, recorder);
      fixture.some(ENDPOINTS, recorder, "e");
      var stream = fixture.plane.stream();
      stream.sotw();
      stream.sotw();
      stream.send(world(CLUSTERS, "v1", "n1", cluster("a", "x")).build());
      stream.send(world(CLUSTERS, "v2", "n2", cluster("a", "bad")).build());
      fixture.expect(recorder, "v1 +a=x");
      fixture.expect(recorder, "v2 !a");
      stream.end(Status.UNAVAILABLE);
      fixture.expect(recorder, "failed");
      fixture.expect(recorder, "failed");
      assertFalse(fixture.ads.connected);
      fixture.loop.advance(LONG);
      var again = fixture.plane.stream();
      var clusters = again.sotw();
      assertEquals(CLUSTERS.typeUrl(), clusters.getTypeUrl());
      assertEquals("v1", clusters.getVersionInfo());
      assertEquals("", clusters.getResponseNonce());
      assertTrue(clusters.hasNode());
      assertEquals(List.of("e"), again.sotw().getResourceNamesList());
      assertTrue(fixture.ads.connected);
      assertEquals(ResourceStatus.State.NACKED, snapshot(fixture).state());
    }
  }

  private static ResourceStatus snapshot(Fixture fixture) {
    return fixture.client.snapshot(CLUSTERS.typeUrl()).getFirst();
  }

  @Test
  void aControlPlaneThatCannotBeReachedIsCountedAndTriedAgain() {
    try (var fixture = new Fixture(false)) {
      fixture.planes.put("plane", ControlPlane.of("plane", nowhere()));
      fixture.all(CLUSTERS, recorder);
      fixture.expect(recorder, "failed");
      assertEquals("attempt=2 failure=1", recorder.counts());
      fixture.planes.put("plane", ControlPlane.of("plane", fixture.plane.address()));
      fixture.loop.advance(LONG);
      assertNotNull(fixture.plane.stream().sotw());
    }
  }

  @Test
  void aControlPlaneThatIsNotConfiguredIsOneThatCannotBeReached() {
    try (var fixture = new Fixture(ApiConfig.of("nobody", true))) {
      fixture.all(CLUSTERS, recorder);
      assertTrue(recorder.calls.isEmpty());
      fixture.expect(recorder, "failed");
    }
  }

  @Test
  void aServerThatAcceptsAndSaysNothingIsNotWaitedForForEver() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var fixture = new Fixture(false)) {
      var address = new ControlPlane.Address.Host("127.0.0.1", silent.getLocalPort());
      fixture.planes.put("plane", ControlPlane.of("plane", address));
      fixture.all(CLUSTERS, recorder);
      fixture.loop.advance(Duration.ofMinutes(1));
      fixture.expect(recorder, "failed");
    }
  }

  @Test
  void anAuthorityOrAHeaderThatMakesNoSenseIsAFailure() {
    try (var fixture = new Fixture(false)) {
      var address = List.of(fixture.plane.address());
      fixture.planes.put("plane", new ControlPlane("plane", address, null, "[", LONG, null));
      fixture.all(CLUSTERS, recorder);
      fixture.expect(recorder, "failed");
    }
    var headers = List.of(new Header("sp ace", "x"));
    var api = new ApiConfig(List.of("plane"), true, false, null, Backoff.DEFAULT, headers);
    try (var fixture = new Fixture(api)) {
      fixture.all(CLUSTERS, recorder);
      fixture.expect(recorder, "failed");
    }
  }

  @Test
  void theNextAddressIsTriedWhereOneDoesNotAnswer() {
    try (var fixture = new Fixture(true)) {
      var addresses = List.of(nowhere(), fixture.plane.address());
      fixture.planes.put("plane", new ControlPlane("plane", addresses, null, null, LONG, null));
      fixture.all(CLUSTERS, recorder);
      fixture.expect(recorder, "failed");
      fixture.loop.advance(LONG);
      assertNotNull(fixture.plane.stream().delta());
    }
  }

  @Test
  void theSecondControlPlaneIsAskedOnlyUntilTheFirstHasEverAnswered() {
    var api =
        new ApiConfig(List.of("first", "plane"), true, false, null, Backoff.DEFAULT, List.of());
    try (var fixture = new Fixture(api);
        var first = new FakePlane(fixture.loop)) {
      fixture.planes.put("first", ControlPlane.of("first", nowhere()));
      fixture.all(CLUSTERS, recorder);
      fixture.expect(recorder, "failed");
      fixture.loop.advance(LONG);
      var second = fixture.plane.stream();
      second.delta();
      second.send(change(CLUSTERS, "n1", resource("a", "1", cluster("a", "x"))).build());
      fixture.expect(recorder, "s-n1 +a=x");
      fixture.planes.put("first", ControlPlane.of("first", first.address()));
      second.end(Status.UNAVAILABLE);
      fixture.expect(recorder, "failed");
      fixture.loop.advance(LONG);
      var preferred = first.stream();
      // What another control plane called a version means nothing to this one.
      assertEquals(0, preferred.delta().getInitialResourceVersionsCount());
      preferred.send(change(CLUSTERS, "n2", resource("a", "9", cluster("a", "x"))).build());
      fixture.expect(recorder, "s-n2");
      preferred.end(Status.UNAVAILABLE);
      fixture.expect(recorder, "failed");
      fixture.loop.advance(LONG);
      assertEquals("9", first.stream().delta().getInitialResourceVersionsOrThrow("a"));
    }
  }

  @Test
  void theNodeIsLeftOutOfLaterRequestsWhereThatIsAskedFor() {
    var api =
        new ApiConfig(
            List.of("plane"),
            false,
            true,
            null,
            Backoff.DEFAULT,
            List.of(new Header("authorization", "Bearer x"), new Header("x-bin", "aGk=")));
    try (var fixture = new Fixture(api)) {
      fixture.all(CLUSTERS, recorder);
      var stream = fixture.plane.stream();
      assertTrue(stream.sotw().hasNode());
      stream.send(world(CLUSTERS, "v1", "n1").build());
      assertFalse(stream.sotw().hasNode());
      assertEquals("Bearer x", header(stream, "authorization"));
      var binary = Metadata.Key.of("x-bin", Metadata.BINARY_BYTE_MARSHALLER);
      assertEquals(
          "hi", new String(stream.headers.get(binary), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private static String header(FakePlane.Stream stream, String name) {
    return String.valueOf(
        stream.headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
  }

  @Test
  void eachSubscriptionOfItsOwnHasAStreamOfItsTypesService() {
    try (var fixture = new Fixture(false)) {
      var other = new Recorder();
      var first = own(fixture, SECRETS, false, recorder, "a");
      own(fixture, SECRETS, false, other, "b");
      own(fixture, ENDPOINTS, true, new Recorder(), "e");
      var streams = IntStream.range(0, 3).mapToObj(_ -> fixture.plane.stream()).toList();
      assertEquals(
          List.of(
              "envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets",
              "envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets",
              "envoy.service.endpoint.v3.EndpointDiscoveryService/DeltaEndpoints"),
          streams.stream().map(stream -> stream.method).toList());
      assertEquals(List.of("a"), streams.get(0).sotw().getResourceNamesList());
      assertEquals(List.of("b"), streams.get(1).sotw().getResourceNamesList());
      streams.get(1).send(world(SECRETS, "v1", "n1", secret("b", "y")).build());
      fixture.expect(other, "v1 +b=y");
      assertTrue(recorder.plane.connected);
      first.close();
      streams.get(0).awaitCancelled();
      assertEquals(1, fixture.client.snapshot(SECRETS.typeUrl()).size());
    }
  }

  private static Subscription own(
      Fixture fixture,
      ResourceType<?, String> type,
      boolean delta,
      Recorder recorder,
      String name) {
    var source = new ConfigSource.Grpc(ApiConfig.of("plane", delta), Duration.ZERO);
    return fixture.client.subscribe(source, type, Names.of(name), recorder, recorder);
  }

  @Test
  void aLargePushIsDecodedElsewhereAndAppliedWholeAndInOrder() {
    try (var fixture = new Fixture(false)) {
      fixture.all(CLUSTERS, recorder);
      var stream = fixture.plane.stream();
      stream.sotw();
      var text = "x".repeat(1000);
      var many =
          IntStream.range(0, 6000)
              .mapToObj(i -> cluster("c" + i, text + i))
              .toArray(Message[]::new);
      stream.send(world(CLUSTERS, "v1", "n1", many).build());
      stream.send(world(CLUSTERS, "v2", "n2", many[0]).build());
      var first = fixture.loop.await("the push", recorder.calls::poll);
      assertTrue(first.startsWith("v1 +c0=" + text + "0 +c1="), () -> first.substring(0, 30));
      assertEquals(6001, first.split(" ").length);
      assertEquals("n1", stream.sotw().getResponseNonce());
      assertEquals("n2", stream.sotw().getResponseNonce());
    }
  }

  @Test
  void whatCameBeforeTheStreamEndedIsApplied() {
    try (var fixture = new Fixture(false)) {
      fixture.all(CLUSTERS, recorder);
      var stream = fixture.plane.stream();
      stream.sotw();
      var many =
          IntStream.range(0, 1000)
              .mapToObj(i -> cluster("c" + i, "x".repeat(100)))
              .toArray(Message[]::new);
      stream.send(world(CLUSTERS, "v1", "n1", many).build());
      stream.end(Status.OK);
      assertTrue(fixture.loop.await("the push", recorder.calls::poll).startsWith("v1 +c0=xx"));
      fixture.expect(recorder, "failed");
      fixture.loop.advance(LONG);
      assertEquals("v1", fixture.plane.stream().sotw().getVersionInfo());
    }
  }

  @Test
  void theWaitBetweenAttemptsDoublesAndBeginsAnewOnlyAfterAResponse() {
    var jitter = new FullJitter(Backoff.DEFAULT, () -> -1L);
    var waits = IntStream.range(0, 9).mapToObj(_ -> jitter.next().toMillis()).toList();
    assertEquals(List.of(499L, 999L, 1999L, 3999L, 7999L, 15999L, 29999L, 29999L, 29999L), waits);
    jitter.reset();
    assertEquals(499, jitter.next().toMillis());
    assertEquals(0, new FullJitter(Backoff.DEFAULT, () -> 0L).next().toMillis());
  }

  @Test
  void aStreamThatEndsWithoutAResponseDoesNotResetTheWait() {
    var api =
        new ApiConfig(
            List.of("plane"),
            false,
            false,
            null,
            new Backoff(Duration.ofMillis(2), Duration.ofSeconds(1000)),
            List.of());
    try (var fixture = new Fixture(api)) {
      fixture.all(CLUSTERS, recorder);
      for (var i = 0; i < 12; i++) {
        fixture.plane.stream().end(Status.UNAVAILABLE);
        fixture.expect(recorder, "failed");
        fixture.loop.advance(Duration.ofMillis(2L << i));
      }
      var stream = fixture.plane.stream();
      stream.send(world(CLUSTERS, "v1", "n1").build());
      fixture.expect(recorder, "v1");
      stream.end(Status.UNAVAILABLE);
      fixture.expect(recorder, "failed");
      fixture.loop.advance(Duration.ofMillis(2));
      assertNotNull(fixture.plane.stream());
    }
  }

  @Test
  void anEndpointsAnswerMayComeUnasked() {
    try (var fixture = new Fixture(true)) {
      fixture.some(ENDPOINTS, recorder, "e");
      var stream = fixture.plane.stream();
      stream.delta();
      for (var i = 0; i < 3; i++) {
        var message = endpoints("e", "x" + i);
        stream.send(change(ENDPOINTS, "n" + i, resource("e", "", message)).build());
        fixture.expect(recorder, "s-n" + i + " +e=x" + i);
        assertEquals("n" + i, stream.delta().getResponseNonce());
      }
    }
  }
}
