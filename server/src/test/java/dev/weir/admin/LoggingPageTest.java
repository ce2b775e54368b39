package dev.weir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggingPageTest {

  /// Levels that are only remembered.
  private static final class FakeLevels implements LogLevels {
    private final Map<String, LogLevel> levels = new LinkedHashMap<>();

    FakeLevels() {
      levels.put("main", LogLevel.INFO);
      levels.put("upstream", LogLevel.INFO);
    }

    @Override
    public Map<String, LogLevel> all() {
      return levels;
    }

    @Override
    public void set(String component, LogLevel level) {
      levels.put(component, level);
    }

    @Override
    public void setAll(LogLevel level) {
      levels.replaceAll((_, _) -> level);
    }
  }

  private final FakeLevels levels = new FakeLevels();

  private String post(int status, String query) throws IOException {
    var request = AdminRequest.of("POST", "/logging" + query);
    var response = new LoggingPage(levels).page().handler().handle(request);
    assertEquals(status, response.status());
    var body = new StringWriter();
    response.body().writeTo(body);
    return body.toString();
  }

  @Test
  void withoutParametersItShowsAllLevels() throws IOException {
    assertEquals("active loggers:\n  main: info\n  upstream: info\n\n", post(200, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ?level=debug; {main=DEBUG, upstream=DEBUG}
          ?upstream=off; {main=INFO, upstream=OFF}
          ?paths=upstream:trace,main:warn; {main=WARNING, upstream=TRACE}
          ?group=main:critical; {main=CRITICAL, upstream=INFO}
          ?paths=&level=error; {main=ERROR, upstream=ERROR}
          """)
  void itSetsLevels(String query, String expected) throws IOException {
    post(200, query);
    assertEquals(expected, levels.all().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ?level=nope; unknown logger level
          ?nope=debug; unknown logger name
          ?paths=main:debug,nope:debug; unknown logger name
          ?paths=main; expected name:level, got 'main'
          ?level=debug&main=debug; invalid number of parameters
          """)
  void whatItDoesNotUnderstandChangesNothing(String query, String error) throws IOException {
    assertTrue(post(400, query).startsWith("error: " + error + "\n\nusage: "));
    assertEquals("{main=INFO, upstream=INFO}", levels.all().toString());
  }
}
