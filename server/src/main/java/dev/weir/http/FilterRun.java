package dev.weir.http;

import dev.weir.http.filter.HttpFilter;
import dev.weir.http.filter.HttpFilter.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The filters of one request, and how far it has come through them. Its worker only.
///
/// While a filter has stopped the request, what follows passes the filters up to that one, and then
/// waits.
final class FilterRun {
  static final HttpFilter[] NO_FILTERS = {};

  private final HttpStream stream;
  private HttpFilter[] filters = NO_FILTERS;
  private int stoppedAt = -1;
  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(0);
  private long heldBytes;
  private long heldLimit;
  private boolean heldEnd;
  private @Nullable Http2Headers heldTrailers;
  private boolean destroyed;

  FilterRun(HttpStream stream) {
    this.stream = stream;
  }

  /// So much is held, if that is more than the connection's own limit.
  void holdUpTo(long bytes) {
    heldLimit = Math.max(heldLimit, bytes);
  }

  void filters(HttpFilter[] chain) {
    filters = chain;
  }

  List<HttpFilter> filters() {
    return List.of(filters);
  }

  /// The head passes, until a filter stops it.
  void headers(Http2Headers headers, boolean end) {
    headersFrom(0, headers, end);
  }

  private void headersFrom(int first, Http2Headers headers, boolean end) {
    for (int i = first; i < filters.length && !stream.isOver(); i++) {
      boolean last = i == filters.length - 1;
      if (filters[i].onRequestHeaders(headers, end) == Step.STOP && !last) {
        stoppedAt = i;
        return;
      }
    }
  }

  /// A filter lets the request go on.
  void resume(Http2Headers headers, boolean end) {
    int from = stoppedAt + 1;
    if (from == 0 || stream.isOver()) {
      return;
    }
    stoppedAt = -1;
    boolean nothingHeld = held.isEmpty() && heldTrailers == null;
    headersFrom(from, headers, end && nothingHeld);
    if (stoppedAt >= 0) {
      return;
    }
    while (!held.isEmpty() && !stream.isOver()) {
      var data = held.poll();
      boolean last = held.isEmpty() && heldEnd && heldTrailers == null;
      dataFrom(from, data, last);
    }
    if (heldTrailers != null && !stream.isOver()) {
      trailersFrom(from, heldTrailers);
    }
    heldBytes = 0;
    if (!stream.isOver()) {
      stream.readClient(true);
      readComplete();
    }
  }

  /// A piece of the body passes.
  void data(ByteBuf data, boolean end) {
    dataFrom(0, data, end);
  }

  private void dataFrom(int first, ByteBuf data, boolean end) {
    var piece = data;
    int to = stoppedAt >= 0 ? stoppedAt + 1 : filters.length;
    for (int i = first; i < to; i++) {
      piece = filters[i].onRequestData(piece, end);
      if (stream.isOver()) {
        piece.release();
        return;
      }
    }
    if (stoppedAt >= 0) {
      hold(piece, end);
    } else {
      piece.release();
    }
  }

  private void hold(ByteBuf piece, boolean end) {
    heldBytes += piece.readableBytes();
    heldEnd = end;
    held.add(piece);
    if (heldBytes > Math.max(heldLimit, stream.connection().bufferLimit())) {
      stream.readClient(false);
    }
  }

  void trailers(Http2Headers trailers) {
    trailersFrom(0, trailers);
  }

  private void trailersFrom(int first, Http2Headers trailers) {
    int to = stoppedAt >= 0 ? stoppedAt + 1 : filters.length;
    for (int i = first; i < to && !stream.isOver(); i++) {
      var rest = filters[i].beforeRequestTrailers();
      if (rest.isReadable()) {
        dataFrom(i + 1, rest, false);
      } else {
        rest.release();
      }
      filters[i].onRequestTrailers(trailers);
    }
    if (stoppedAt >= 0) {
      heldTrailers = trailers;
    }
  }

  void readComplete() {
    for (int i = 0; i < filters.length && !stream.isOver(); i++) {
      filters[i].onRequestReadComplete();
    }
  }

  void clientWritable(boolean writable) {
    for (int i = 0; i < filters.length && !stream.isOver(); i++) {
      filters[i].onClientWritable(writable);
    }
  }

  void responseHeaders(Http2Headers headers, boolean end) {
    for (int i = filters.length - 1; i >= 0; i--) {
      filters[i].onResponseHeaders(headers, end);
    }
  }

  ByteBuf responseData(ByteBuf data, boolean end) {
    var piece = data;
    for (int i = filters.length - 1; i >= 0; i--) {
      piece = filters[i].onResponseData(piece, end);
    }
    return piece;
  }

  void responseTrailers(Http2Headers trailers) {
    for (int i = filters.length - 1; i >= 0; i--) {
      filters[i].onResponseTrailers(trailers);
    }
  }

  void destroy() {
    if (destroyed) {
      return;
    }
    destroyed = true;
    for (var filter : filters) {
      filter.onDestroy();
    }
    held.forEach(ByteBuf::release);
    held.clear();
  }

  /// A piece that a filter has taken.
  static ByteBuf taken() {
    return Unpooled.EMPTY_BUFFER;
  }
}
