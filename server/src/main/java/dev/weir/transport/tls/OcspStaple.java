package dev.weir.transport.tls;

import dev.weir.config.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// What an OCSP responder has said of a certificate (RFC 6960), as far as we have to know it: until
/// when it counts.
///
/// @param isNone whether there is no response at all
/// @param until null where it does not say, or cannot be read
record OcspStaple(boolean isNone, @Nullable Instant until) {
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int FIRST = 0xa0;
  private static final int TIME = 0x18;
  private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'");

  static OcspStaple of(Bytes response) {
    if (response.isEmpty()) {
      return new OcspStaple(true, null);
    }
    try {
      return new OcspStaple(false, nextUpdate(response.toArray()));
    } catch (IndexOutOfBoundsException | DateTimeParseException _) {
      return new OcspStaple(false, null);
    }
  }

  /// Whether it may be shown.
  boolean isValid(Instant now) {
    return until != null && now.isBefore(until);
  }

  private static @Nullable Instant nextUpdate(byte[] response) {
    var whole = new Der(response, 0, response.length).enter(SEQUENCE);
    var basic = whole.skip().enter(FIRST).enter(SEQUENCE).skip().enter(OCTETS).enter(SEQUENCE);
    var data = basic.enter(SEQUENCE);
    if (data.tag() == FIRST) {
      data = data.skip(); // version
    }
    var single = data.skip().skip().enter(SEQUENCE).enter(SEQUENCE);
    var next = single.skip().skip().skip(); // certificate, status, this update
    if (next.isEmpty() || next.tag() != FIRST) {
      return null;
    }
    var text = next.enter(FIRST).text(TIME);
    return LocalDateTime.parse(text, FORMAT).toInstant(ZoneOffset.UTC);
  }

  /// Elements of DER, one after the other.
  @SuppressWarnings("ArrayRecordComponent") // a window on bytes that nobody compares
  private record Der(byte[] bytes, int from, int to) {
    boolean isEmpty() {
      return from >= to;
    }

    int tag() {
      return bytes[from] & 0xff;
    }

    private int lengthBytes() {
      int first = bytes[from + 1] & 0xff;
      return first < 0x80 ? 1 : 1 + (first & 0x7f);
    }

    private int contentLength() {
      int first = bytes[from + 1] & 0xff;
      if (first < 0x80) {
        return first;
      }
      int length = 0;
      for (int i = 0; i < (first & 0x7f); i++) {
        length = Math.addExact(Math.multiplyExact(length, 256), bytes[from + 2 + i] & 0xff);
      }
      return length;
    }

    /// What is inside the first element.
    Der enter(int tag) {
      if (tag() != tag) {
        throw new IndexOutOfBoundsException("tag " + tag());
      }
      int start = from + 1 + lengthBytes();
      return new Der(bytes, start, Math.addExact(start, contentLength()));
    }

    /// What follows the first element.
    Der skip() {
      return new Der(bytes, Math.addExact(from + 1 + lengthBytes(), contentLength()), to);
    }

    String text(int tag) {
      var inside = enter(tag);
      return new String(bytes, inside.from, inside.to - inside.from, StandardCharsets.US_ASCII);
    }
  }
}
