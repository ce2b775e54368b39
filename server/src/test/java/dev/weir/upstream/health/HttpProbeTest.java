package dev.weir.upstream.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.HeaderAddition.Action;
import dev.weir.config.HealthCheckConfig.Header;
import dev.weir.config.HealthCheckConfig.HttpExpectation;
import dev.weir.config.HealthCheckConfig.HttpRequest;
import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.config.HealthCheckConfig.StatusRange;
import dev.weir.config.TextMatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpProbeTest {
  private static final HttpRequest GET =
      new HttpRequest("GET", "", "/ok", List.of(), List.of(), "");
  private static final HttpExpectation EXPECTED =
      new HttpExpectation(
          List.of(new StatusRange(200, 300)),
          List.of(new StatusRange(503, 504)),
          List.of(),
          1024,
          null);

  private static Probe probe(HttpExpectation expected) {
    return new Probe.Http(GET, expected, false);
  }

  private static ScriptedHost host(String... answers) throws IOException {
    var holder = new ScriptedHost[1];
    holder[0] = new ScriptedHost(socket -> holder[0].answers(answers).run(socket));
    return holder[0];
  }

  private static String answer(int status, String headers, String body) {
    return "HTTP/1.1 %d X\r\ncontent-length: %d\r\n%s\r\n%s"
        .formatted(status, body.length(), headers.replace('|', '\r').replace('~', '\n'), body);
  }

  @ParameterizedTest
  @CsvSource({
    "200, '',                                          passed",
    "299, '',                                          passed",
    "300, '',                                          ACTIVE 300",
    "500, '',                                          ACTIVE 500",
    "503, '',                                          ACTIVE 503 retriable",
    "500, 'x-envoy-immediate-health-check-fail: 1|~',  ACTIVE 500 excluded",
    "200, 'x-envoy-immediate-health-check-fail: 1|~',  passed",
    "200, 'X-Envoy-Degraded: |~',                      degraded"
  })
  void theStatusDecides(int status, String headers, String expected) throws Exception {
    try (var host = host(answer(status, headers, "ok"));
        var probe = new ProbeFixture(probe(EXPECTED), host.port())) {
      assertEquals(expected, probe.ask());
      assertEquals("GET /ok HTTP/1.1\r\nhost: c\r\nuser-agent: Envoy/HC\r\n\r\n", host.got());
      assertEquals(expected, probe.ask(), "over the same connection");
      assertEquals(1, host.rest().size());
    }
  }

  @Test
  void theRequestIsWhatIsConfigured() throws Exception {
    var request =
        new HttpRequest(
            "POST",
            "name",
            "/",
            List.of(
                new Header("X-A", "1", Action.APPEND_IF_EXISTS_OR_ADD),
                new Header("user-agent", "me", Action.APPEND_IF_EXISTS_OR_ADD),
                new Header("x-a", "2", Action.OVERWRITE_IF_EXISTS_OR_ADD),
                new Header("x-a", "3", Action.ADD_IF_ABSENT),
                new Header("x-b", "4", Action.OVERWRITE_IF_EXISTS)),
            List.of("x-none"),
            "616263");
    try (var host = host(answer(200, "", ""));
        var probe = new ProbeFixture(new Probe.Http(request, EXPECTED, false), host.port())) {
      assertEquals("passed", probe.ask());
      assertEquals(
          "POST / HTTP/1.1\r\nhost: name\r\nx-a: 2\r\nx-a: 1\r\nuser-agent: Envoy/HC,me\r\n"
              + "x-a: 3\r\ncontent-length: 3\r\n\r\nabc",
          host.got());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "up and running,        passed",
    "running and up,        ACTIVE 200",
    "------------up running, ACTIVE 200"
  })
  void theBodyHasToHaveTheBlocksNearItsBeginning(String body, String expected) throws Exception {
    var blocks =
        new HttpExpectation(
            EXPECTED.statuses(), List.of(), List.of("7570", "72756e"), 16, null); // up, run
    try (var host = host(answer(200, "", body));
        var probe = new ProbeFixture(probe(blocks), host.port())) {
      assertEquals(expected, probe.ask());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'x-envoy-upstream-healthchecked-cluster: users-1|~', passed",
    "'x-envoy-upstream-healthchecked-cluster: other|~',   ACTIVE 200",
    "'',                                                  ACTIVE 200"
  })
  void theServiceHasToBeTheRightOne(String headers, String expected) throws Exception {
    var named =
        new HttpExpectation(
            EXPECTED.statuses(), List.of(), List.of(), 0, new TextMatch.Prefix("users", false));
    try (var host = host(answer(200, headers, ""));
        var probe = new ProbeFixture(probe(named), host.port())) {
      assertEquals(expected, probe.ask());
      assertEquals(1, probe.verified());
    }
  }

  @Test
  void anInterimAnswerIsNotYetTheAnswer() throws Exception {
    try (var host = host("HTTP/1.1 103 Early\r\nlink: x\r\n\r\n" + answer(200, "", "ok"));
        var probe = new ProbeFixture(probe(EXPECTED), host.port())) {
      assertEquals("passed", probe.ask());
    }
  }

  @Test
  void whatIsNoHttpIsAFailureOfTheNetwork() throws Exception {
    try (var host = host("SSH-2.0-OpenSSH\r\n\r\n");
        var probe = new ProbeFixture(probe(EXPECTED), host.port())) {
      assertEquals("NETWORK", probe.ask());
    }
  }

  @Test
  void aHostThatClosesInTheMiddleHasFailed() throws Exception {
    try (var host =
            new ScriptedHost(socket -> {
              socket.getInputStream().read(new byte[1000]);
              socket
                  .getOutputStream()
                  .write("HTTP/1.1 200 OK\r\ncontent-le".getBytes(StandardCharsets.US_ASCII));
            });
        var probe = new ProbeFixture(probe(EXPECTED), host.port())) {
      assertEquals("NETWORK", probe.ask());
    }
  }

  @Test
  void aHostMayCloseAfterItsAnswer() throws Exception {
    try (var host = host(answer(200, "connection: close|~", "ok"));
        var probe = new ProbeFixture(probe(EXPECTED), host.port())) {
      assertEquals("passed", probe.ask());
      host.got();
      assertEquals("EOF", host.got());
      assertEquals("passed", probe.ask());
    }
  }

  @Test
  void anAnswerThatNeverComesIsGivenUp() throws Exception {
    try (var host = host("");
        var probe = new ProbeFixture(probe(EXPECTED), host.port())) {
      probe.begin();
      host.got();
      probe.stop();
      assertEquals("EOF", host.got());
    }
  }
}
