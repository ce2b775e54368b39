package dev.weir.telemetry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The bytes of a line that is being written; reused for the next. One worker only.
public final class LogLine {
  private byte[] bytes = new byte[512];
  private int length;
  private @Nullable ZonedDateTime second;

  LogLine() {}

  /// A second as calendars have it, kept for the lines that follow in the same second.
  ZonedDateTime second(long epochSecond, ZoneId zone) {
    var kept = second;
    if (kept == null || kept.toEpochSecond() != epochSecond || !kept.getZone().equals(zone)) {
      kept = Instant.ofEpochSecond(epochSecond).atZone(zone);
      second = kept;
    }
    return kept;
  }

  /// How many bytes there are.
  int length() {
    return length;
  }

  /// The bytes themselves, of which only the first [#length] count; they change with the next line.
  byte[] bytes() {
    return bytes;
  }

  /// Forgets what was written after this point.
  void cut(int newLength) {
    length = newLength;
  }

  /// Takes out bytes in the middle.
  void remove(int from, int to) {
    System.arraycopy(bytes, to, bytes, from, length - to);
    length -= to - from;
  }

  /// Adds one ASCII character.
  public LogLine ascii(char character) {
    room(1);
    bytes[length++] = (byte) character;
    return this;
  }

  /// Adds bytes as they are.
  public LogLine raw(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  /// Adds text as UTF-8.
  public LogLine text(String text) {
    int characters = text.length();
    room(characters);
    for (int i = 0; i < characters; i++) {
      char next = text.charAt(i);
      if (next >= 0x80) {
        return raw(text.substring(i).getBytes(StandardCharsets.UTF_8));
      }
      bytes[length++] = (byte) next;
    }
    return this;
  }

  /// Adds a number in decimal.
  public LogLine number(long value) {
    if (value == Long.MIN_VALUE) {
      return text("-9223372036854775808");
    }
    if (value < 0) {
      ascii('-');
    }
    return padded(Math.abs(value), 1);
  }

  /// Adds a number that is not negative, with zeros before it up to a width.
  public LogLine padded(long value, int width) {
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    int end = length + Math.max(digits, width);
    room(end - length);
    long rest = value;
    for (int at = end - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length = end;
    return this;
  }

  /// Escapes what was written from a point on, so that it can stand between quotes in JSON.
  void escape(int from) {
    int extra = 0;
    for (int i = from; i < length; i++) {
      extra += escapedLength(bytes[i]) - 1;
    }
    if (extra == 0) {
      return;
    }
    room(extra);
    int to = length + extra;
    for (int i = length - 1; i >= from; i--) {
      to -= escapedLength(bytes[i]);
      putEscaped(bytes[i], to);
    }
    length += extra;
  }

  private static int escapedLength(byte raw) {
    return switch (raw) {
      case '"', '\\', '\b', '\f', '\n', '\r', '\t' -> 2;
      default -> raw >= 0 && raw < 0x20 ? 6 : 1;
    };
  }

  private void putEscaped(byte raw, int at) {
    int size = escapedLength(raw);
    if (size == 1) {
      bytes[at] = raw;
      return;
    }
    bytes[at] = '\\';
    if (size == 2) {
      bytes[at + 1] = shortEscape(raw);
      return;
    }
    bytes[at + 1] = 'u';
    bytes[at + 2] = '0';
    bytes[at + 3] = '0';
    bytes[at + 4] = (byte) Character.forDigit(raw >> 4, 16);
    bytes[at + 5] = (byte) Character.forDigit(raw & 0xf, 16);
  }

  private static byte shortEscape(byte raw) {
    return switch (raw) {
      case '\b' -> 'b';
      case '\f' -> 'f';
      case '\n' -> 'n';
      case '\r' -> 'r';
      case '\t' -> 't';
      default -> raw;
    };
  }

  /// Forgets what lies more than so many bytes after a point, and half a character before that.
  void limit(int from, int maxLength) {
    if (maxLength < 0 || length - from <= maxLength) {
      return;
    }
    int end = from + maxLength;
    while (end > from && (bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    length = end;
  }

  private void room(int more) {
    if (more > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  /// The bytes, each as a character: so headers are held.
  String characters() {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
