package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeFormatTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          %Y-%m-%dT%H:%M:%E3SZ | 2026-11-23T03:05:57.986Z
          %s.%9f | 1795403157.986881000
          %s.%3f | 1795403157.986
          %f | 986881000
          %6f | 986881
          %3f %1f %2f | 986 9 98
          %E*S %E0S %E6S %ES %E4Y | 57.986881 57 57.986881 %ES 2026
          %a %A %b %B %c %C %d %D %e %F %g %G %h %H %I %j | Mon Monday Nov November Mon Nov 23 03:05:57 2026 20 23 11/23/26 23 2026-11-23 26 2026 Nov 03 03 327
          %k %l %m %M %p %P %r %R %S %T %u %U %V %w %W | ` 3  3 11 05 AM am 03:05:57 AM 03:05 57 03:05:57 1 47 48 1 47`
          %x %X %y %Y %z %Z %Ez %E*z %% | 11/23/26 03:05:57 26 2026 +0000 UTC +00:00 +00:00:00 %
          %E*f %E3f | 986881 986
          %Q plain % | %Q plain %
          """)
  void aPatternIsReadAsEnvoyReadsIt(String pattern, String text) {
    assertEquals(text, write(pattern, "2026-11-23T03:05:57.986881Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "%U %W %V %G %j, 2021-01-01T00:00:00Z, 00 00 53 2020 001",
    "%U %W %V %G %j, 2023-01-01T00:00:00Z, 01 00 52 2022 001",
    "%U %W %V %G %j, 2024-12-30T00:00:00Z, 52 53 01 2025 365",
    "%I %l %p %k, 2024-06-09T00:00:00Z, 12 12 AM  0",
    "%I %l %p %u %w, 2024-06-09T12:00:00Z, 12 12 PM 7 0",
    "%E*S|%E*f|%E0f|%E3S, 2024-06-09T12:00:05Z, 05|0|0|05.000",
    "%s %3f, 1969-12-31T23:59:59.5Z, -1 500",
    "%e|%d, 2024-06-09T12:00:05Z, ' 9|09'"
  })
  void theEdgesOfTheCalendarAreRight(String pattern, String time, String text) {
    assertEquals(text, write(pattern, time));
  }

  private static String write(String pattern, String time) {
    var instant = Instant.parse(time);
    var line = new LogLine();
    TimeFormat.of(pattern, false)
        .write(instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000, line);
    return line.toString();
  }
}
