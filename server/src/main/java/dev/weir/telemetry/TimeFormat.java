package dev.weir.telemetry;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A `strftime` pattern with Envoy's additions (`%3f`, `%E3S`), compiled. Immutable.
public final class TimeFormat {
  private static final Pattern LETTER =
      Pattern.compile("%(?:([1-9])f|E([0-9*])([Sf])|E(4Y|\\*?z)|([a-zA-Z%]))");

  private final Step[] steps;
  private final ZoneId zone;

  private TimeFormat(List<Step> steps, ZoneId zone) {
    this.steps = steps.toArray(Step[]::new);
    this.zone = zone;
  }

  /// Writes one part of a time.
  private interface Step {
    /// @param second the time, cut to its second
    /// @param nanos of that second
    void write(ZonedDateTime second, long nanos, LogLine line);
  }

  /// Compiles a pattern; a letter without a meaning stands for itself.
  ///
  /// @param local whether the machine's time zone is meant instead of UTC
  public static TimeFormat of(String pattern, boolean local) {
    var steps = new ArrayList<Step>();
    var found = LETTER.matcher(pattern);
    int next = 0;
    while (found.find()) {
      literal(pattern.substring(next, found.start()), steps);
      next = found.end();
      if (found.group(1) != null) {
        steps.add(fraction(found.group(1).charAt(0)));
      } else if (found.group(2) != null) {
        steps.add(precise(found.group(2).charAt(0), found.group(3).equals("S")));
      } else if (found.group(4) != null) {
        steps.add(extended(found.group(4)));
      } else {
        steps.add(step(found.group(5).charAt(0)));
      }
    }
    literal(pattern.substring(next), steps);
    return new TimeFormat(steps, local ? ZoneId.systemDefault() : ZoneOffset.UTC);
  }

  /// Writes a time.
  ///
  /// @param epochMicros microseconds since 1970
  public void write(long epochMicros, LogLine line) {
    var second = line.second(Math.floorDiv(epochMicros, 1_000_000L), zone);
    long nanos = Math.floorMod(epochMicros, 1_000_000L) * 1_000;
    for (var step : steps) {
      step.write(second, nanos, line);
    }
  }

  private static void literal(String text, List<Step> steps) {
    if (!text.isEmpty()) {
      steps.add((_, _, line) -> line.text(text));
    }
  }

  /// So many digits of the second's fraction.
  private static Step fraction(char digits) {
    int count = digits - '0';
    long unit = unit(count);
    return (_, nanos, line) -> line.padded(nanos / unit, count);
  }

  /// Fractions of a second, with the seconds before them if wanted; `*` writes as many digits as
  /// there are.
  private static Step precise(char digits, boolean withSeconds) {
    return (time, nanos, line) -> {
      int count = digits == '*' ? significant(nanos) : digits - '0';
      if (withSeconds) {
        line.padded(time.getSecond(), 2);
        if (count > 0) {
          line.ascii('.');
        }
      } else if (count == 0) {
        line.ascii('0');
      }
      if (count > 0) {
        line.padded(nanos / unit(count), count);
      }
    };
  }

  private static long unit(int digits) {
    long unit = 1;
    for (int i = digits; i < 9; i++) {
      unit *= 10;
    }
    return unit;
  }

  private static int significant(long nanos) {
    int count = 9;
    for (long rest = nanos; count > 0 && rest % 10 == 0; rest /= 10) {
      count--;
    }
    return count;
  }

  private static Step extended(String letters) {
    return switch (letters) {
      case "4Y" -> field(ChronoField.YEAR, 4);
      case "z" -> formatted("xxx");
      default ->
          (time, _, line) -> line.text(DateTimeFormatter.ofPattern("xxx").format(time)).text(":00");
    };
  }

  private static Step step(char letter) {
    return switch (letter) {
      case 'Y' -> field(ChronoField.YEAR, 1);
      case 'm' -> field(ChronoField.MONTH_OF_YEAR, 2);
      case 'd' -> field(ChronoField.DAY_OF_MONTH, 2);
      case 'H' -> field(ChronoField.HOUR_OF_DAY, 2);
      case 'M' -> field(ChronoField.MINUTE_OF_HOUR, 2);
      case 'S' -> field(ChronoField.SECOND_OF_MINUTE, 2);
      case 'I' -> field(ChronoField.CLOCK_HOUR_OF_AMPM, 2);
      case 'j' -> field(ChronoField.DAY_OF_YEAR, 3);
      case 'u' -> field(ChronoField.DAY_OF_WEEK, 1);
      case 'w' -> (time, _, line) -> line.number(time.getDayOfWeek().getValue() % 7);
      case 's' -> (time, _, line) -> line.number(time.toEpochSecond());
      case 'f' -> (_, nanos, line) -> line.padded(nanos, 9);
      case 'C' -> (time, _, line) -> line.padded(time.getYear() / 100, 2);
      case 'y' -> (time, _, line) -> line.padded(time.getYear() % 100, 2);
      case 'G' -> (time, _, line) -> line.number(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'g' -> (time, _, line) -> line.padded(time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2);
      case 'V' -> (time, _, line) -> line.padded(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
      case 'U' -> week(0);
      case 'W' -> week(1);
      default -> worded(letter);
    };
  }

  private static Step worded(char letter) {
    return switch (letter) {
      case 'a' -> formatted("EEE");
      case 'A' -> formatted("EEEE");
      case 'b', 'h' -> formatted("MMM");
      case 'B' -> formatted("MMMM");
      case 'c' -> formatted("EEE MMM ppd HH:mm:ss yyyy");
      case 'D', 'x' -> formatted("MM/dd/yy");
      case 'e' -> formatted("ppd");
      case 'F' -> formatted("yyyy-MM-dd");
      case 'k' -> formatted("ppH");
      case 'l' -> formatted("pph");
      case 'p' -> formatted("a");
      case 'P' -> (time, _, line) -> line.text(time.getHour() < 12 ? "am" : "pm");
      case 'r' -> formatted("hh:mm:ss a");
      case 'R' -> formatted("HH:mm");
      case 'T', 'X' -> formatted("HH:mm:ss");
      case 'z' -> formatted("xx");
      case 'Z' -> zoneName();
      case 't' -> (_, _, line) -> line.ascii('\t');
      case '%' -> (_, _, line) -> line.ascii('%');
      default -> (_, _, line) -> line.ascii('%').ascii(letter);
    };
  }

  private static Step field(ChronoField field, int width) {
    return (time, _, line) -> line.padded(time.get(field), width);
  }

  private static Step formatted(String pattern) {
    var formatter = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    return (time, _, line) -> line.text(formatter.format(time));
  }

  private static Step zoneName() {
    var formatter = DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH);
    return (time, _, line) ->
        line.text(time.getZone().equals(ZoneOffset.UTC) ? "UTC" : formatter.format(time));
  }

  /// The week of the year, when weeks begin on Sunday (0) or Monday (1).
  private static Step week(int firstDay) {
    return (time, _, line) -> {
      int day = Math.floorMod(time.getDayOfWeek().getValue() - firstDay, 7);
      line.padded((time.getDayOfYear() + 6 - day) / 7, 2);
    };
  }
}
