package dev.weir.upstream.http;

import dev.weir.config.UpstreamHttpConfig.Http1;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes requests as HTTP/1.1 has them, of headers in HTTP/2's form. Stateless; any worker.
final class Http1Request {
  private static final AsciiString VERSION = AsciiString.cached(" HTTP/1.1\r\nhost: ");
  private static final AsciiString VERSION_ALONE = AsciiString.cached(" HTTP/1.1\r\n");
  private static final AsciiString CHUNKED = AsciiString.cached("transfer-encoding: chunked\r\n");
  private static final AsciiString NO_CONTENT = AsciiString.cached("content-length: 0\r\n");
  private static final AsciiString LAST_CHUNK = AsciiString.cached("0\r\n");
  private static final int CRLF = '\r' << 8 | '\n';
  private static final int COLON = ':' << 8 | ' ';

  private Http1Request() {}

  /// How the body of a request is delimited.
  enum Body {
    /// There is none, or its length is told.
    PLAIN,
    CHUNKED,
    /// Whatever follows is not HTTP any more, if the response agrees.
    RAW
  }

  /// How the body will be delimited.
  static Body body(Http2Headers headers, boolean end) {
    if (isMethod(headers, "CONNECT") || isUpgrade(headers)) {
      return Body.RAW;
    }
    return end || headers.contains("content-length") ? Body.PLAIN : Body.CHUNKED;
  }

  static boolean isMethod(Http2Headers headers, String method) {
    var value = headers.method();
    return value != null && AsciiString.contentEquals(value, method);
  }

  private static boolean isUpgrade(Http2Headers headers) {
    var connection = headers.get("connection");
    return headers.contains("upgrade")
        && connection != null
        && AsciiString.containsContentEqualsIgnoreCase(tokens(connection), "upgrade");
  }

  private static List<CharSequence> tokens(CharSequence list) {
    return List.of(list.toString().split("\\s*,\\s*"));
  }

  /// Writes the head.
  static void writeHead(Http2Headers headers, Body body, boolean end, Http1 options, ByteBuf out) {
    ascii(out, orEmpty(headers.method()));
    out.writeByte(' ');
    writeTarget(headers, options, out);
    var authority = headers.authority();
    if (authority == null) {
      ascii(out, VERSION_ALONE);
    } else {
      ascii(out, VERSION);
      ascii(out, authority);
      out.writeShort(CRLF);
    }
    writeFields(headers, options, out);
    if (body == Body.CHUNKED) {
      ascii(out, CHUNKED);
    } else if (end && needsLength(headers)) {
      ascii(out, NO_CONTENT);
    }
    out.writeShort(CRLF);
  }

  private static void writeTarget(Http2Headers headers, Http1 options, ByteBuf out) {
    if (isMethod(headers, "CONNECT") && headers.path() == null) {
      ascii(out, orEmpty(headers.authority()));
      return;
    }
    if (options.fullUrl() && headers.authority() != null) {
      ascii(out, headers.scheme() == null ? "http" : headers.scheme());
      ascii(out, "://");
      ascii(out, headers.authority());
    }
    ascii(out, orEmpty(headers.path()));
  }

  /// Methods that usually have a body are told when there is none.
  private static boolean needsLength(Http2Headers headers) {
    if (headers.contains("content-length")) {
      return false;
    }
    return switch (orEmpty(headers.method()).toString()) {
      case "GET", "HEAD", "DELETE", "TRACE", "CONNECT" -> false;
      default -> true;
    };
  }

  private static void writeFields(Http2Headers headers, Http1 options, ByteBuf out) {
    for (var header : headers) {
      var name = header.getKey();
      if (!PseudoHeaderName.hasPseudoHeaderFormat(name)) {
        if (options.properCase()) {
          properCase(out, name);
        } else {
          ascii(out, name);
        }
        out.writeShort(COLON);
        ascii(out, header.getValue());
        out.writeShort(CRLF);
      }
    }
  }

  private static void properCase(ByteBuf out, CharSequence name) {
    boolean first = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out.writeByte(first ? Character.toUpperCase(c) : c);
      first = !Character.isLetterOrDigit(c);
    }
  }

  /// Writes what stands before the bytes of a chunk.
  static void writeChunkStart(int size, ByteBuf out) {
    ascii(out, Integer.toHexString(size));
    out.writeShort(CRLF);
  }

  /// Writes what stands behind the bytes of a chunk.
  static void writeChunkEnd(ByteBuf out) {
    out.writeShort(CRLF);
  }

  /// Writes the end of a chunked body.
  static void writeEnd(@Nullable Http2Headers trailers, Http1 options, ByteBuf out) {
    ascii(out, LAST_CHUNK);
    if (trailers != null && options.trailers()) {
      writeFields(trailers, options, out);
    }
    out.writeShort(CRLF);
  }

  private static CharSequence orEmpty(@Nullable CharSequence text) {
    return text == null ? "" : text;
  }

  /// Values are bytes: a character is one, whatever it means.
  private static void ascii(ByteBuf out, CharSequence text) {
    if (text instanceof AsciiString bytes) {
      ByteBufUtil.copy(bytes, out);
    } else {
      for (int i = 0; i < text.length(); i++) {
        out.writeByte(AsciiString.c2b(text.charAt(i)));
      }
    }
  }
}
