package dev.weir.http.filter;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;

/// A filter of one request, made for it. What comes from the client passes the filters in order,
/// what goes to it passes them backwards. The connection's worker only.
public interface HttpFilter {

  /// Whether the next filter gets to see the head.
  enum Step {
    CONTINUE,
    /// Not before [FilterStream#continueRequest]; what follows waits. Or never, if the filter
    /// replies.
    STOP
  }

  /// The head of the request.
  ///
  /// @param end whether nothing follows
  default Step onRequestHeaders(Http2Headers headers, boolean end) {
    return Step.CONTINUE;
  }

  /// A piece of the request's body.
  ///
  /// @param data whoever returns something else owns it
  /// @return what the next filter gets
  default ByteBuf onRequestData(ByteBuf data, boolean end) {
    return data;
  }

  /// What the next filter gets before the request's trailers, by a filter that has held something
  /// back of the body.
  default ByteBuf beforeRequestTrailers() {
    return Unpooled.EMPTY_BUFFER;
  }

  /// The request's trailers, which end it.
  default void onRequestTrailers(Http2Headers trailers) {}

  /// No more comes of what was read in one go.
  default void onRequestReadComplete() {}

  /// The head of the response, also of one that a filter gives itself.
  ///
  /// @param end whether nothing follows
  default void onResponseHeaders(Http2Headers headers, boolean end) {}

  /// A piece of the response's body.
  ///
  /// @param data whoever returns something else owns it
  /// @return what the filter before gets
  default ByteBuf onResponseData(ByteBuf data, boolean end) {
    return data;
  }

  /// The response's trailers, which end it.
  default void onResponseTrailers(Http2Headers trailers) {}

  /// The client takes more, or no more for now.
  default void onClientWritable(boolean writable) {}

  /// The request is over, however it ended: lets go of whatever is held for it. Once.
  default void onDestroy() {}
}
