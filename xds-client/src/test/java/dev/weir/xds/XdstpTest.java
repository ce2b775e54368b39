package dev.weir.xds;

import static dev.weir.xds.Samples.ENDPOINTS;
import static dev.weir.xds.Samples.LISTENERS;
import static dev.weir.xds.Samples.change;
import static dev.weir.xds.Samples.endpoints;
import static dev.weir.xds.Samples.listener;
import static dev.weir.xds.Samples.resource;
import static dev.weir.xds.Samples.world;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.proto.OnUnknown;
import io.grpc.Status;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Names that tell whom to ask, and names of collections.
class XdstpTest {
  private static final String COLLECTION = "xdstp://a/envoy.config.listener.v3.Listener/x/*?n=1";
  private static final String MEMBER = "xdstp://a/envoy.config.listener.v3.Listener/x/%s?n=1";
  private static final String EDS = "xdstp://%s/envoy.config.endpoint.v3.ClusterLoadAssignment/e";

  private final Fixture fixture = new Fixture(true);
  private final Recorder recorder = new Recorder();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static String member(String last) {
    return MEMBER.formatted(last);
  }

  @Test
  void aNameIsAskedForAndRecognisedInItsCanonicalForm() {
    fixture.some(ENDPOINTS, recorder, EDS.formatted("a") + "?b=2&a=1");
    var stream = fixture.plane.stream();
    assertEquals(
        List.of(EDS.formatted("a") + "?a=1&b=2"), stream.delta().getResourceNamesSubscribeList());
    var other = EDS.formatted("a") + "?b=2&a=%31";
    stream.send(change(ENDPOINTS, "n1", resource(other, "1", endpoints(other, "x"))).build());
    fixture.expect(recorder, "s-n1 +" + EDS.formatted("a") + "?a=1&b=2=x");
    assertFalse(stream.delta().hasErrorDetail());
  }

  @Test
  void aStateOfTheWorldResponseIsRecognisedByTheNameWithinTheMessage() {
    try (var sotw = new Fixture(false)) {
      sotw.some(ENDPOINTS, recorder, EDS.formatted("a") + "?b=2&a=1");
      var stream = sotw.plane.stream();
      stream.sotw();
      stream.send(
          world(ENDPOINTS, "v1", "n1", endpoints(EDS.formatted("a") + "?b=2&a=1", "x")).build());
      sotw.expect(recorder, "v1 +" + EDS.formatted("a") + "?a=1&b=2=x");
    }
  }

  @Test
  void aCollectionIsWhateverBelongsToIt() {
    fixture.some(LISTENERS, recorder, COLLECTION);
    var stream = fixture.plane.stream();
    assertEquals(List.of(COLLECTION), stream.delta().getResourceNamesSubscribeList());
    stream.send(
        change(
                LISTENERS,
                "n1",
                resource(member("m"), "1", listener("m", "x")),
                resource(member("n"), "1", listener("n", "y")),
                resource(member("deeper/n"), "1", listener("n", "y")),
                resource("other", "1", listener("other", "z")))
            .build());
    fixture.expect(recorder, "s-n1 +" + member("m") + "=x +" + member("n") + "=y");
    stream.send(
        change(LISTENERS, "n2", resource(member("n"), "2", listener("n", "z")))
            .addRemovedResources(member("m"))
            .build());
    fixture.expect(recorder, "s-n2 +" + member("n") + "=z -" + member("m"));
    stream.delta();
    stream.delta();
    stream.end(Status.UNAVAILABLE);
    fixture.expect(recorder, "failed");
    fixture.loop.advance(Duration.ofSeconds(1));
    var again = fixture.plane.stream().delta();
    assertEquals(List.of(COLLECTION), again.getResourceNamesSubscribeList());
    assertEquals(Map.of(member("n"), "2"), again.getInitialResourceVersionsMap());
  }

  @Test
  void aCollectionThatDoesNotExistAnyMoreTakesItsMembersWithIt() {
    fixture.some(LISTENERS, recorder, COLLECTION);
    var stream = fixture.plane.stream();
    stream.send(change(LISTENERS, "n1", resource(member("m"), "1", listener("m", "x"))).build());
    stream.send(change(LISTENERS, "n2").addRemovedResources(COLLECTION).build());
    fixture.expect(recorder, "s-n1 +" + member("m") + "=x");
    fixture.expect(recorder, "s-n2 -" + COLLECTION + " -" + member("m"));
    assertEquals(List.of(), fixture.client.snapshot(LISTENERS.typeUrl()));
  }

  @Test
  void anEmptyResponseSaysThatThereIsNothingInACollection() {
    fixture.some(LISTENERS, recorder, COLLECTION);
    fixture.plane.stream().send(change(LISTENERS, "n1").build());
    fixture.expect(recorder, "s-n1");
    assertEquals("attempt=2 success=1", recorder.counts());
  }

  @Test
  void whoWantsAMemberAndWhoWantsTheCollectionAreBothTold() {
    fixture.some(LISTENERS, recorder, COLLECTION);
    var one = new Recorder();
    fixture.some(LISTENERS, one, member("m"));
    var stream = fixture.plane.stream();
    assertEquals(
        Set.of(COLLECTION, member("m")),
        Set.copyOf(stream.delta().getResourceNamesSubscribeList()));
    stream.send(change(LISTENERS, "n1", resource(member("m"), "1", listener("m", "x"))).build());
    fixture.expect(recorder, "s-n1 +" + member("m") + "=x");
    fixture.expect(one, "s-n1 +" + member("m") + "=x");
    var late = new Recorder();
    fixture.some(LISTENERS, late, COLLECTION);
    fixture.expect(late, "s-n1 +" + member("m") + "=x");
  }

  @Test
  void aNameThatTellsAKnownAuthorityIsAskedOfThat() {
    var loop = fixture.loop;
    try (var named = new FakePlane(loop);
        var others = new FakePlane(loop)) {
      var planes =
          Map.of(
              "plane", ControlPlane.of("plane", fixture.plane.address()),
              "named", ControlPlane.of("named", named.address()),
              "others", ControlPlane.of("others", others.address()));
      var authorities = new Authorities(Map.of("a", grpc("named")), grpc("others"));
      var config =
          new ClientConfig(Fixture.NODE, ApiConfig.of("plane", true), authorities, OnUnknown.WARN);
      try (var client = new XdsClient(loop, config, planes::get, ControlPlaneObserver.NONE)) {
        for (var name : List.of(EDS.formatted("a"), EDS.formatted("b"), "plain")) {
          client.subscribe(Fixture.ADS, ENDPOINTS, Names.of(name), recorder, recorder);
        }
        assertEquals(
            "envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources",
            expectNames(named, EDS.formatted("a")));
        expectNames(others, EDS.formatted("b"));
        expectNames(fixture.plane, "plain");
      }
      loop.run();
    }
  }

  private static String expectNames(FakePlane plane, String name) {
    var stream = plane.stream();
    assertEquals(List.of(name), stream.delta().getResourceNamesSubscribeList());
    return stream.method;
  }

  private static ConfigSource.Grpc grpc(String plane) {
    return new ConfigSource.Grpc(ApiConfig.of(plane, true), Duration.ZERO);
  }

  @Test
  void anAuthorityThatNobodyKnowsIsAnErrorWhereThereIsNoOtherSource() {
    var source = new ConfigSource.Authority(Duration.ZERO);
    var names = Names.of(EDS.formatted("a"));
    var error =
        assertThrows(
            UncheckedIOException.class,
            () -> fixture.client.subscribe(source, ENDPOINTS, names, recorder, recorder));
    assertEquals(
        "No valid authority was found for the given xDS-TP resource " + EDS.formatted("a"),
        error.getMessage());
  }
}
