package dev.weir.server;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import dev.weir.admin.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A log line's layout in spdlog's flags (`%v` the text, `%l` the level, `%Y-%m-%d` the day, …),
/// cut into pieces once.
///
/// A width may stand between the `%` and the flag: `%8l` aligns right, `%-8l` left, `%=8l` in the
/// middle. A flag that does not exist stands for itself. Source positions (`%g`, `%s`, `%!`) are
/// the logger's name, and `%#` is 0: taking them from the stack would cost more than the line.
final class LogPattern {
  /// The layout that is used unless one is asked for.
  static final String DEFAULT = "[%Y-%m-%d %T.%e][%t][%l][%n] %v";

  private static final long PID = ProcessHandle.current().pid();

  /// The kernel's number of the thread, as `top -H` shows it.
  private static final ThreadLocal<Long> THREAD = ThreadLocal.withInitial(LogPattern::kernelThread);

  private final List<Piece> pieces = new ArrayList<>();
  private final boolean escaped;

  /// @param pattern the flags
  /// @param escaped shows line breaks and other control characters of a text as `\n` and the like
  LogPattern(String pattern, boolean escaped) {
    this.escaped = escaped;
    compile(pattern);
  }

  /// One piece of a line.
  private interface Piece {
    void append(StringBuilder out, Line line);
  }

  /// What is said in a line.
  ///
  /// @param text the message, with the stack trace behind it if there is one
  private record Line(ILoggingEvent event, ZonedDateTime time, LogLevel level, String text) {}

  /// The whole line, with the line break at its end.
  String format(ILoggingEvent event) {
    var time = event.getInstant().atZone(ZoneId.systemDefault());
    var line = new Line(event, time, Logging.levelOf(event), textOf(event));
    var out = new StringBuilder(160);
    for (var piece : pieces) {
      piece.append(out, line);
    }
    return out.append('\n').toString();
  }

  private String textOf(ILoggingEvent event) {
    var text = String.valueOf(event.getFormattedMessage());
    var thrown = event.getThrowableProxy();
    if (thrown != null) {
      text = (text + '\n' + ThrowableProxyUtil.asString(thrown)).stripTrailing();
    }
    return escaped ? escape(text) : text;
  }

  private void compile(String pattern) {
    int at = 0;
    while (at < pattern.length()) {
      int percent = pattern.indexOf('%', at);
      if (percent < 0 || percent == pattern.length() - 1) {
        break;
      }
      literal(pattern.substring(at, percent));
      int end = percent + 1;
      while (end < pattern.length() - 1 && isPadding(pattern.charAt(end))) {
        end++;
      }
      pieces.add(padded(pattern.substring(percent + 1, end), flag(pattern.charAt(end))));
      at = end + 1;
    }
    literal(pattern.substring(at));
  }

  private static boolean isPadding(char c) {
    return c == '-' || c == '=' || (c >= '0' && c <= '9');
  }

  private void literal(String text) {
    if (!text.isEmpty()) {
      pieces.add((out, _) -> out.append(text));
    }
  }

  private static Piece padded(String padding, Piece piece) {
    var digits = padding.replaceAll("[^0-9]", "");
    if (digits.isEmpty() || digits.length() > 3) {
      return piece;
    }
    int width = Integer.parseInt(digits);
    return (out, line) -> {
      int start = out.length();
      piece.append(out, line);
      int missing = width - (out.length() - start);
      if (missing > 0) {
        int before = padding.startsWith("-") ? 0 : padding.startsWith("=") ? missing / 2 : missing;
        out.insert(start, " ".repeat(before)).append(" ".repeat(missing - before));
      }
    };
  }

  private static Piece flag(char flag) {
    return switch (flag) {
      case 'v' -> (out, line) -> out.append(line.text);
      case '_' -> (out, line) -> out.append(line.text.replace("\n", "\\n"));
      case 'j' -> (out, line) -> out.append(jsonEscape(line.text));
      case 'l' -> (out, line) -> out.append(line.level.text());
      case 'L' -> (out, line) -> out.append(line.level.name().charAt(0));
      case 'n' -> (out, line) -> out.append(LogComponents.of(line.event.getLoggerName()));
      case 't' -> (out, _) -> out.append(THREAD.get().longValue());
      case 'P' -> (out, _) -> out.append(PID);
      case 'g', 's', '!' -> (out, line) -> out.append(line.event.getLoggerName());
      case '@' -> (out, line) -> out.append(line.event.getLoggerName()).append(":0");
      case '#' -> (out, _) -> out.append('0');
      case '%' -> (out, _) -> out.append('%');
      case '^', '$' -> (_, _) -> {};
      case 'E' -> (out, line) -> out.append(line.time.toEpochSecond());
      default -> timeFlag(flag);
    };
  }

  private static Piece timeFlag(char flag) {
    var pattern = timePattern(flag);
    if (pattern.isEmpty()) {
      return (out, _) -> out.append('%').append(flag);
    }
    var formatter = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    return (out, line) -> formatter.formatTo(line.time, out);
  }

  /// The same in `java.time`'s letters; empty for a flag that does not exist.
  private static String timePattern(char flag) {
    return switch (flag) {
      case 'Y' -> "yyyy";
      case 'C', 'y' -> "yy";
      case 'm' -> "MM";
      case 'd' -> "dd";
      case 'H' -> "HH";
      case 'I' -> "hh";
      case 'M' -> "mm";
      case 'S' -> "ss";
      case 'e' -> "SSS";
      case 'f' -> "SSSSSS";
      case 'F' -> "SSSSSSSSS";
      case 'T', 'X' -> "HH:mm:ss";
      case 'R' -> "HH:mm";
      case 'D', 'x' -> "MM/dd/yy";
      case 'r' -> "hh:mm:ss a";
      case 'p' -> "a";
      case 'a' -> "EEE";
      case 'A' -> "EEEE";
      case 'b', 'h' -> "MMM";
      case 'B' -> "MMMM";
      case 'c' -> "EEE MMM d HH:mm:ss yyyy";
      case 'z' -> "xxx";
      default -> "";
    };
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
        .replace("\"", "\\\"");
  }

  private static String jsonEscape(String text) {
    var out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.toString();
  }

  private static long kernelThread() {
    try {
      var self = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
      return Long.parseLong(String.valueOf(self));
    } catch (IOException | RuntimeException _) {
      return PID; // no /proc: at least the process
    }
  }
}
