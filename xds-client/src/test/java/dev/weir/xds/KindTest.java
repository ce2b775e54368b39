package dev.weir.xds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What is said differently of different types.
class KindTest {
  private static final List<Rejected> TWO =
      List.of(new Rejected("a", "is bad"), new Rejected("b", "is worse"));

  @Test
  void aNackHasTheShapeThatItsTypesUsersKnow() {
    assertEquals(
        "Error adding/updating listener(s) a: is bad\nb: is worse\n", Kind.LISTENER.refusal(TWO));
    assertEquals(
        "Error adding/updating cluster(s) a: is bad, b: is worse", Kind.CLUSTER.refusal(TWO));
    assertEquals("a: is bad\nb: is worse", Kind.ENDPOINTS.refusal(TWO));
    assertEquals("is bad", Kind.SECRET.refusal(List.of(new Rejected("", "is bad"))));
  }

  @Test
  void aLongNackIsCut() {
    var text = Kind.SECRET.refusal(List.of(new Rejected("", "x".repeat(5000))));
    assertEquals(4096 + "...(truncated)".length(), text.length());
    assertTrue(text.endsWith("x...(truncated)"));
  }

  @Test
  void aTypeHasItsServiceUnlessNobodyKnowsIt() {
    assertEquals(
        "envoy.service.route.v3.RouteDiscoveryService/StreamRoutes", Kind.ROUTES.method(false));
    assertEquals(
        "envoy.service.runtime.v3.RuntimeDiscoveryService/DeltaRuntime", Kind.RUNTIME.method(true));
    assertNull(Kind.of("type.googleapis.com/google.protobuf.Empty").method(true));
  }

  @Test
  void aTypeIsKnownByItsUrl() {
    assertEquals(Kind.CLUSTER, Kind.of(Samples.CLUSTERS.typeUrl()));
    assertEquals(Kind.ENDPOINTS, Kind.of(Samples.ENDPOINTS.typeUrl()));
    assertEquals(Kind.LISTENER, Kind.of(Samples.LISTENERS.typeUrl()));
    assertEquals(Kind.SECRET, Kind.of(Samples.SECRETS.typeUrl()));
    assertEquals(Kind.OTHER, Kind.of("type.googleapis.com/"));
  }
}
