package dev.weir.upstream.http;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;

/// An upgrade to another protocol, such as `websocket`, in the forms that HTTP/1 and HTTP/2 have
/// for it. Within the gateway it has HTTP/1's. Any worker. Source: RFC 8441.
public final class ExtendedConnect {
  private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");
  private static final AsciiString UPGRADE = AsciiString.cached("upgrade");
  private static final AsciiString CONNECTION = AsciiString.cached("connection");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
  private static final AsciiString GET = AsciiString.cached("GET");
  private static final AsciiString OK = AsciiString.cached("200");
  private static final AsciiString SWITCHING = AsciiString.cached("101");

  /// A CONNECT that says it carries bytes is one as any other.
  private static final AsciiString BYTES = AsciiString.cached("bytestream");

  private ExtendedConnect() {}

  /// Whether a request of HTTP/2 names a protocol.
  public static boolean namesProtocol(Http2Headers request) {
    return request.contains(PROTOCOL);
  }

  /// Gives a request that names a protocol HTTP/1's form.
  public static void toUpgrade(Http2Headers request) {
    var protocol = request.getAndRemove(PROTOCOL);
    if (!BYTES.contentEquals(protocol)) {
      request.method(GET);
      request.set(UPGRADE, protocol);
      request.set(CONNECTION, UPGRADE);
    }
  }

  /// Whether a head of HTTP/1, of a request or a response, is about an upgrade.
  public static boolean isUpgrade(Http2Headers head) {
    var connection = head.get(CONNECTION);
    return connection != null
        && head.contains(UPGRADE)
        && connection.toString().toLowerCase(Locale.ROOT).contains("upgrade");
  }

  /// A request for an upgrade in HTTP/2's form; what is given stays as it is, for another attempt.
  public static Http2Headers toConnect(Http2Headers request) {
    var connect = new DefaultHttp2Headers(false, request.size() + 1);
    connect.setAll(request);
    connect.method(CONNECT);
    connect.set(PROTOCOL, request.get(UPGRADE));
    connect.remove(UPGRADE);
    connect.remove(CONNECTION);
    dropEmptyBody(connect);
    return connect;
  }

  /// Gives the response to an upgrade HTTP/2's form.
  public static void toConnected(Http2Headers response) {
    if (SWITCHING.contentEquals(response.status())) {
      response.status(OK);
    }
    response.remove(UPGRADE);
    response.remove(CONNECTION);
    dropEmptyBody(response);
  }

  /// Gives the response to a request that names a protocol HTTP/1's form.
  public static void toUpgraded(Http2Headers response, CharSequence protocol) {
    if (OK.contentEquals(response.status())) {
      response.status(SWITCHING);
      response.set(UPGRADE, protocol);
      response.set(CONNECTION, UPGRADE);
    }
  }

  private static void dropEmptyBody(Http2Headers head) {
    var length = head.get(CONTENT_LENGTH);
    if (length != null && AsciiString.contentEquals(length, "0")) {
      head.remove(CONTENT_LENGTH);
    }
  }
}
