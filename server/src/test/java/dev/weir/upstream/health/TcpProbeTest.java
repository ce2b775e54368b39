package dev.weir.upstream.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.EndpointsConfig.HealthCheckAddress;
import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.config.HealthCheckConfig.ProxyHeader;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostInfo;
import dev.weir.upstream.host.TestHosts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TcpProbeTest {
  private static final Probe CONNECT = new Probe.Tcp("", List.of(), ProxyHeader.NONE);
  private static final Probe PING =
      new Probe.Tcp("70696e67", List.of("706f", "6e67"), ProxyHeader.NONE); // ping, po, ng

  private static ScriptedHost host(String... answers) throws IOException {
    var holder = new ScriptedHost[1];
    holder[0] = new ScriptedHost(socket -> holder[0].answers(answers).run(socket));
    return holder[0];
  }

  @Test
  void connectingIsEnoughWhereNothingIsWaitedFor() throws Exception {
    try (var host = host("x");
        var probe = new ProbeFixture(CONNECT, host.port())) {
      assertEquals("passed", probe.ask());
      assertEquals("EOF", host.got());
      assertEquals("passed", probe.ask());
      assertEquals("EOF", host.got(), "a new connection each time");
    }
  }

  @Test
  void nobodyIsWaitedForToTakeWhatIsSentWhereNothingIsWaitedFor() throws Exception {
    var probe = new Probe.Tcp("00", List.of(), ProxyHeader.NONE);
    try (var host = host("x");
        var fixture = new ProbeFixture(probe, host.port())) {
      assertEquals("passed", fixture.ask());
      assertEquals("EOF", host.got());
    }
  }

  @Test
  void aRefusedConnectionIsAFailureOfTheNetwork() throws Exception {
    int port;
    try (var host = host("x")) {
      port = host.port();
    }
    try (var probe = new ProbeFixture(PING, port)) {
      assertEquals("NETWORK", probe.ask());
      assertEquals("NETWORK", probe.ask());
    }
  }

  @Test
  void theAnswerMayComeInPiecesWithOthersBetween() throws Exception {
    try (var host =
            new ScriptedHost(socket -> {
              socket.setTcpNoDelay(true);
              socket.getInputStream().read(new byte[10]);
              for (var piece : List.of("..p", "o, and n", "g!")) {
                socket.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
              }
              socket.getInputStream().read();
            });
        var probe = new ProbeFixture(PING, host.port())) {
      assertEquals("passed", probe.ask());
    }
  }

  @Test
  void theNextQuestionGoesOverTheSameConnection() throws Exception {
    try (var host = host("pong");
        var probe = new ProbeFixture(PING, host.port())) {
      assertEquals("passed", probe.ask());
      assertEquals("passed", probe.ask());
      assertEquals(List.of("ping", "ping"), host.rest());
    }
  }

  @Test
  void orOverANewOneWhereThatIsWanted() throws Exception {
    try (var host = host("pong");
        var probe =
            new ProbeFixture(PING, TestHosts.host("127.0.0.1:" + host.port()).make(), false)) {
      assertEquals("passed", probe.ask());
      assertEquals("ping", host.got());
      assertEquals("EOF", host.got());
      assertEquals("passed", probe.ask());
    }
  }

  @Test
  void aHostThatClosesBeforeItAnswersHasFailed() throws Exception {
    try (var host = new ScriptedHost(socket -> socket.getInputStream().read());
        var probe = new ProbeFixture(PING, host.port())) {
      assertEquals("NETWORK", probe.ask());
      assertEquals("NETWORK", probe.ask());
    }
  }

  @Test
  void aHostThatClosesBetweenTwoQuestionsHasFailedToo() throws Exception {
    try (var host =
            new ScriptedHost(socket -> {
              socket.getInputStream().read(new byte[10]);
              socket.getOutputStream().write("pong".getBytes(StandardCharsets.US_ASCII));
            });
        var probe = new ProbeFixture(PING, host.port())) {
      assertEquals("passed", probe.ask());
      assertEquals("NETWORK", probe.next());
    }
  }

  @Test
  void noAnswerInTimeIsAFailure() throws Exception {
    try (var host = host("");
        var probe =
            new ProbeFixture(
                PING,
                TestHosts.host("127.0.0.1:" + host.port()).make(),
                true,
                Duration.ofMillis(50))) {
      assertEquals("NETWORK_TIMEOUT", probe.ask());
      assertEquals("ping", host.got());
      assertEquals("EOF", host.got());
      assertEquals("NETWORK_TIMEOUT", probe.ask(), "over a new connection");
    }
  }

  @Test
  void anotherAnswerIsNone() throws Exception {
    try (var host = host("pang");
        var probe = new ProbeFixture(PING, host.port())) {
      probe.begin();
      assertEquals("ping", host.got());
      probe.stop(); // the timeout; the fixture asserts that nothing was said
    }
  }

  @Test
  void aProxyHeaderGoesBeforeTheQuestion() throws Exception {
    var version1 = new Probe.Tcp("00", List.of("00"), ProxyHeader.V1);
    try (var host = host("\0");
        var probe = new ProbeFixture(version1, host.port())) {
      assertEquals("passed", probe.ask());
      var got = host.got();
      assertTrue(
          got.matches("PROXY TCP4 127\\.0\\.0\\.1 127\\.0\\.0\\.1 \\d+ " + host.port() + "\r\n\0"),
          got);
    }
    var version2 = new Probe.Tcp("00", List.of("00"), ProxyHeader.V2);
    try (var host = host("\0");
        var probe = new ProbeFixture(version2, host.port())) {
      assertEquals("passed", probe.ask());
      assertEquals("\r\n\r\n\0\r\nQUIT\n \0\0\0\0", host.got());
    }
  }

  @Test
  void anEndpointMayBeCheckedElsewhere() throws Exception {
    try (var host = host("pong")) {
      var otherPort = new HealthCheckAddress(null, host.port(), "", false);
      try (var probe = new ProbeFixture(PING, at("127.0.0.1:1", otherPort), true)) {
        assertEquals("passed", probe.ask());
      }
      var address =
          new HealthCheckAddress(
              TestHosts.host("127.0.0.1:" + host.port()).make().address(), 0, "", false);
      try (var probe = new ProbeFixture(PING, at("10.255.255.1:1", address), true)) {
        assertEquals("passed", probe.ask());
      }
    }
  }

  private static Host at(String address, HealthCheckAddress check) {
    var host = TestHosts.host(address).make();
    var info = host.info();
    host.describe(
        new HostInfo(
            info.hostname(),
            info.weight(),
            info.place(),
            info.metadata(),
            info.localityMetadata(),
            check));
    return host;
  }
}
