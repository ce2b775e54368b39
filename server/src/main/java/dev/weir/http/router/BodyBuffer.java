package dev.weir.http.router;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What has come of a request's body, as long as it may be needed: before the host is connected,
/// and for another attempt. Its worker only.
final class BodyBuffer {
  private final List<ByteBuf> pieces = new ArrayList<>(0);
  private long bytes;
  private boolean ended;
  private @Nullable Http2Headers trailers;

  /// Keeps a piece.
  void add(ByteBuf data, boolean end) {
    ended |= end;
    if (data.isReadable()) {
      bytes += data.readableBytes();
      pieces.add(data);
    } else {
      data.release();
    }
  }

  void trailers(Http2Headers last) {
    ended = true;
    trailers = last;
  }

  /// Notes the end without a piece.
  void end() {
    ended = true;
  }

  long bytes() {
    return bytes;
  }

  /// Whether the request has come to its end.
  boolean ended() {
    return ended;
  }

  /// Whether there is nothing beside the head, and there will not be.
  boolean headOnly() {
    return ended && pieces.isEmpty() && trailers == null;
  }

  /// All pieces so far, in order.
  List<ByteBuf> pieces() {
    return pieces;
  }

  @Nullable Http2Headers trailers() {
    return trailers;
  }

  /// Forgets the pieces: whoever took them owns them.
  void clear() {
    pieces.clear();
    bytes = 0;
  }

  /// Lets go of the pieces.
  void release() {
    pieces.forEach(ByteBuf::release);
    clear();
  }
}
