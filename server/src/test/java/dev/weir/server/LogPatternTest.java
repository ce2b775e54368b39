package dev.weir.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogPatternTest {
  private final LoggerContext context = new LoggerContext();

  private LoggingEvent event(String logger, Level level, String text) {
    var event = new LoggingEvent("", context.getLogger(logger), level, text, null, null);
    event.setInstant(
        LocalDateTime.of(2026, 11, 2, 3, 4, 5, 67_089_000)
            .atZone(ZoneId.systemDefault())
            .toInstant());
    return event;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      textBlock =
          """
          %v; hello
          [%l][%n] %v; [warning][upstream] hello
          %Y-%m-%d %T.%e; 2026-11-02 03:04:05.067
          %H:%M:%S %f %F; 03:04:05 067089 067089000
          %D %R %I %p; 11/02/26 03:04 03 AM
          [%8l][%-8l][%=9l]; [ warning][warning ][ warning ]
          %L%%%q; W%%q
          100% %v; 100% hello
          %v %; hello %
          %Y-%m-%dT%T.%fZ %l envoy %n %g:%# %v thread=; 2026-11-02T03:04:05.067089Z warning envoy upstream upstream:0 hello thread=
          """)
  void flagsAreReplaced(String pattern, String expected) {
    var line = new LogPattern(pattern, false).format(event("upstream", Level.WARN, "hello"));
    assertEquals(expected + "\n", line);
  }

  @Test
  void theDefaultNamesTimeThreadLevelAndComponent() {
    var line =
        new LogPattern(LogPattern.DEFAULT, false)
            .format(event("dev.weir.server.Main", Level.INFO, "x"));
    assertTrue(line.matches("\\[2026-11-02 03:04:05\\.067]\\[\\d+]\\[info]\\[main] x\n"), line);
  }

  @Test
  void aTextCanBeKeptOnOneLine() {
    var event = event("main", Level.INFO, "a\nb\t\"c\"");
    assertEquals("a\nb\t\"c\"\n", new LogPattern("%v", false).format(event));
    assertEquals("a\\nb\\t\\\"c\\\"\n", new LogPattern("%v", true).format(event));
    assertEquals("a\\nb\t\"c\"\n", new LogPattern("%_", false).format(event));
    assertEquals("a\\nb\\t\\\"c\\\"\n", new LogPattern("%j", false).format(event));
  }

  @ParameterizedTest
  @CsvSource({
    "upstream, upstream",
    "dev.weir.xds.AdsStream, config",
    "dev.weir.tcpproxy.TcpProxy, filter",
    "io.netty.channel.nio.NioEventLoop, io",
    "io.grpc.netty.NettyClientHandler, grpc",
    "com.example.Thing, misc"
  })
  void aLoggerSpeaksForItsComponent(String logger, String component) {
    assertEquals(component, LogComponents.of(logger));
  }

  @Test
  void everyComponentHasALoggerOfItsName() {
    for (var name : LogComponents.names()) {
      assertTrue(LogComponents.loggersOf(name).contains(name), name);
    }
  }
}
