package dev.weir.http.router;

import dev.weir.upstream.http.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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

  @Nullable Http2Headers trailers() {
    return trailers;
  }

  /// Sends all that there is so far.
  ///
  /// @param keep whether it is kept as well
  void sendTo(UpstreamStream stream, boolean keep) {
    for (int i = 0; i < pieces.size(); i++) {
      var piece = pieces.get(i);
      boolean last = i == pieces.size() - 1 && ended && trailers == null;
      stream.sendData(keep ? piece.retainedDuplicate() : piece, last);
    }
    if (pieces.isEmpty() && ended && trailers == null) {
      stream.sendData(Unpooled.EMPTY_BUFFER, true);
    }
    if (!keep) {
      clear();
    }
    if (trailers != null) {
      stream.sendTrailers(trailers);
    }
  }

  /// Gives the pieces away: whoever takes them owns them.
  List<ByteBuf> take() {
    var taken = List.copyOf(pieces);
    clear();
    return taken;
  }

  private void clear() {
    pieces.clear();
    bytes = 0;
  }

  /// Lets go of the pieces.
  void release() {
    pieces.forEach(ByteBuf::release);
    clear();
  }
}
