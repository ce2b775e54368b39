package dev.weir.lab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/// Writes HTTP/2 frames, right and wrong ones. Source: RFC 9113, RFC 7541.
final class Http2Frames {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final int MAX_FRAME = 16_384;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// Begins with the preface and these settings.
  static Http2Frames preface(byte... settings) {
    var frames = new Http2Frames();
    frames.out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    return frames.frame(SETTINGS, 0, 0, settings);
  }

  Http2Frames frame(int type, int flags, int stream, byte... payload) {
    out.write(payload.length >> 16);
    out.write(payload.length >> 8);
    out.write(payload.length);
    out.write(type);
    out.write(flags);
    number(stream);
    out.writeBytes(payload);
    return this;
  }

  private void number(int value) {
    out.write(value >> 24);
    out.write(value >> 16);
    out.write(value >> 8);
    out.write(value);
  }

  /// The head of a request.
  Http2Frames request(int stream, boolean end, String method, String path, String... headers) {
    return frame(
        HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(method, path, headers));
  }

  /// Any header block, without compression.
  ///
  /// @param fields names and values in turn
  Http2Frames head(int stream, boolean end, List<String> fields) {
    var block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.size(); i += 2) {
      field(block, fields.get(i), fields.get(i + 1));
    }
    var bytes = block.toByteArray();
    int first = Math.min(bytes.length, MAX_FRAME);
    boolean whole = first == bytes.length;
    int flags = (end ? END_STREAM : 0) | (whole ? END_HEADERS : 0);
    frame(HEADERS, flags, stream, Arrays.copyOf(bytes, first));
    for (int from = first; from < bytes.length; from += MAX_FRAME) {
      int to = Math.min(bytes.length, from + MAX_FRAME);
      frame(
          CONTINUATION,
          to == bytes.length ? END_HEADERS : 0,
          stream,
          Arrays.copyOfRange(bytes, from, to));
    }
    return this;
  }

  /// A header block, without compression.
  static byte[] block(String method, String path, String... headers) {
    var block = new ByteArrayOutputStream();
    field(block, ":method", method);
    field(block, ":scheme", "http");
    field(block, ":authority", "h.com");
    field(block, ":path", path);
    for (int i = 0; i < headers.length; i += 2) {
      field(block, headers[i], headers[i + 1]);
    }
    return block.toByteArray();
  }

  private static void field(ByteArrayOutputStream block, String name, String value) {
    block.write(0); // literal, not indexed
    text(block, name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) {
    var bytes = text.getBytes(ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
