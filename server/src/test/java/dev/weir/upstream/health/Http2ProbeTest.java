package dev.weir.upstream.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.HeaderAddition.Action;
import dev.weir.config.HealthCheckConfig.Header;
import dev.weir.config.HealthCheckConfig.HttpExpectation;
import dev.weir.config.HealthCheckConfig.HttpRequest;
import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.config.HealthCheckConfig.StatusRange;
import dev.weir.upstream.health.Http2Host.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Http2ProbeTest {
  private static final HttpExpectation EXPECTED =
      new HttpExpectation(
          List.of(new StatusRange(200, 201)), List.of(), List.of("6f6b"), 1024, null); // ok
  private static final Probe HTTP =
      new Probe.Http(
          new HttpRequest(
              "GET",
              "",
              "/ok",
              List.of(new Header("X-A", "1", Action.APPEND_IF_EXISTS_OR_ADD)),
              List.of(),
              ""),
          EXPECTED,
          true);
  private static final Probe GRPC =
      new Probe.Grpc("svc", "name", List.of(new Header("k", "v", Action.APPEND_IF_EXISTS_OR_ADD)));

  @Test
  void aCheckIsAStreamOfItsOwn() throws Exception {
    try (var host = new Http2Host(_ -> Reply.of("200", "it is ok"));
        var probe = new ProbeFixture(HTTP, host.port())) {
      assertEquals("passed", probe.ask());
      assertEquals("passed", probe.ask());
      var request = "GET c /ok [user-agent: Envoy/HC, x-a: 1] ";
      assertEquals(List.of(request, request), host.requests());
      assertEquals(1, host.connections());
    }
  }

  @ParameterizedTest
  @CsvSource({"503, it is ok, ACTIVE 503", "200, it is not, ACTIVE 200"})
  void aBadAnswerIsAFailure(String status, String body, String expected) throws Exception {
    try (var host = new Http2Host(_ -> Reply.of(status, body));
        var probe = new ProbeFixture(HTTP, host.port())) {
      assertEquals(expected, probe.ask());
    }
  }

  @Test
  void aResetStreamIsAFailureOfTheNetwork() throws Exception {
    try (var host = new Http2Host(n -> n == 1 ? Reply.RESET : Reply.of("200", "ok"));
        var probe = new ProbeFixture(HTTP, host.port())) {
      assertEquals("NETWORK", probe.ask());
      assertEquals("passed", probe.ask(), "over the same connection");
      assertEquals(1, host.connections());
    }
  }

  @Test
  void aConnectionThatGoesAwayIsFollowedByAnother() throws Exception {
    try (var host = new Http2Host(_ -> Reply.of("200", "ok").goingAway());
        var probe = new ProbeFixture(HTTP, host.port())) {
      assertEquals("passed", probe.ask());
      assertEquals("passed", probe.ask());
      assertEquals(2, host.connections());
    }
  }

  @Test
  void aGrpcHostHasToServe() throws Exception {
    try (var host = new Http2Host(_ -> Reply.grpc("\10\1", "0"));
        var probe = new ProbeFixture(GRPC, host.port())) {
      assertEquals("passed", probe.ask());
      assertEquals(
          List.of(
              "POST name /grpc.health.v1.Health/Check [te: trailers, content-type:"
                  + " application/grpc, user-agent: Envoy/HC, k: v] \0\0\0\0\5\n\3svc"),
          host.requests());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'\\1', 0,  ACTIVE 200", // a broken message
    "S1,    0,  passed",
    "S2,    0,  ACTIVE 200", // NOT_SERVING
    "S0,    0,  ACTIVE 200",
    "'',    0,  ACTIVE 200",
    "S1,    5,  ACTIVE 200", // NOT_FOUND
    "S1,    '', ACTIVE 200"
  })
  void everythingElseIsAFailure(String message, String grpcStatus, String expected)
      throws Exception {
    var bytes = message.startsWith("S") ? "\10" + (char) (message.charAt(1) - '0') : message;
    try (var host = new Http2Host(_ -> Reply.grpc(bytes, grpcStatus));
        var probe = new ProbeFixture(GRPC, host.port())) {
      assertEquals(expected, probe.ask());
    }
  }

  @Test
  void anAnswerOfAnotherKindIsNoGrpc() throws Exception {
    try (var host = new Http2Host(_ -> Reply.of("404", "no"));
        var probe = new ProbeFixture(GRPC, host.port())) {
      assertEquals("ACTIVE 404", probe.ask());
    }
  }
}
