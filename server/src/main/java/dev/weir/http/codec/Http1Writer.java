package dev.weir.http.codec;

import dev.weir.config.http.Http1Config.LetterCase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/// Writes heads of HTTP/1 responses, chunks and trailers as bytes. Any worker.
final class Http1Writer {
  private static final byte[] VERSION = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION_1_0 = "HTTP/1.0 ".getBytes(StandardCharsets.US_ASCII);
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final AsciiString ZERO = AsciiString.cached("0");
  private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
  private static final AsciiString CHUNKED = AsciiString.cached("chunked");
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LAST_CHUNK_TRAILERS = "0\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int CRLF = '\r' << 8 | '\n';
  private static final int COLON = ':' << 8 | ' ';
  private static final int HEAD_SIZE = 512;

  private final LetterCase letterCase;

  Http1Writer(LetterCase letterCase) {
    this.letterCase = letterCase;
  }

  /// How a response without a content length is told to be over.
  enum Framing {
    /// There is no body, or its length is in the headers, or the connection ends with it.
    NONE,
    /// `content-length: 0`.
    EMPTY,
    /// In chunks.
    CHUNKED
  }

  /// @param old whether the client speaks HTTP/1.0
  ByteBuf head(ByteBufAllocator alloc, boolean old, Http2Headers headers, Framing framing) {
    var out = alloc.ioBuffer(HEAD_SIZE);
    int status = Integer.parseInt(String.valueOf(headers.status()));
    out.writeBytes(old ? VERSION_1_0 : VERSION);
    decimal(out, status);
    out.writeByte(' ');
    ByteBufUtil.writeAscii(out, ReasonPhrases.of(status));
    out.writeShort(CRLF);
    headers(out, headers);
    switch (framing) {
      case EMPTY -> header(out, CONTENT_LENGTH, ZERO);
      case CHUNKED -> header(out, TRANSFER_ENCODING, CHUNKED);
      case NONE -> {}
    }
    out.writeShort(CRLF);
    return out;
  }

  private static void decimal(ByteBuf out, int status) {
    out.writeByte('0' + status / 100 % 10);
    out.writeByte('0' + status / 10 % 10);
    out.writeByte('0' + status % 10);
  }

  private void headers(ByteBuf out, Http2Headers headers) {
    for (var header : headers) {
      var name = header.getKey();
      if (name.length() == 0 || name.charAt(0) == ':') {
        continue;
      }
      header(out, name, header.getValue());
    }
  }

  private void header(ByteBuf out, CharSequence name, CharSequence value) {
    name(out, name);
    out.writeShort(COLON);
    text(out, value);
    out.writeShort(CRLF);
  }

  private void name(ByteBuf out, CharSequence name) {
    if (letterCase == LetterCase.LOWER) {
      text(out, name);
      return;
    }
    boolean first = true;
    for (int i = 0; i < name.length(); i++) {
      char character = name.charAt(i);
      out.writeByte(first ? Character.toUpperCase(character) : character);
      first = character == '-';
    }
  }

  private static void text(ByteBuf out, CharSequence text) {
    if (text instanceof AsciiString ascii) {
      out.writeBytes(ascii.array(), ascii.arrayOffset(), ascii.length());
    } else {
      out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    }
  }

  /// What goes before a chunk of that length.
  static ByteBuf chunkHead(ByteBufAllocator alloc, int length) {
    var out = alloc.ioBuffer(10);
    ByteBufUtil.writeAscii(out, Integer.toHexString(length));
    return out.writeShort(CRLF);
  }

  /// What goes behind a chunk.
  static ByteBuf chunkTail(ByteBufAllocator alloc, boolean last) {
    var out = alloc.ioBuffer(8).writeShort(CRLF);
    return last ? out.writeBytes(LAST_CHUNK) : out;
  }

  static ByteBuf lastChunk(ByteBufAllocator alloc) {
    return alloc.ioBuffer(8).writeBytes(LAST_CHUNK);
  }

  ByteBuf lastChunk(ByteBufAllocator alloc, Http2Headers trailers) {
    var out = alloc.ioBuffer(HEAD_SIZE).writeBytes(LAST_CHUNK_TRAILERS);
    headers(out, trailers);
    return out.writeShort(CRLF);
  }
}
