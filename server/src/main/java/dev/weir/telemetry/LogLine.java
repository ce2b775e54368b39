package dev.weir.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of a line that is being written; reused for the next. One worker only.
public final class LogLine {
  private byte[] bytes = new byte[512];
  private int length;

  LogLine() {}

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

  private void room(int more) {
    if (more > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
