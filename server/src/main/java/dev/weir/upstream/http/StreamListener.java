package dev.weir.upstream.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/// Who hears of the response to a request. Called on the stream's worker, in the order of these
/// methods; never again once the response has ended or [#onReset] was called.
public interface StreamListener {

  /// A response before the response, such as `100`. Any number of times.
  default void onInformational(Http2Headers headers) {}

  /// The head of the response.
  ///
  /// @param headers with `:status`
  /// @param end whether nothing follows
  void onHeaders(Http2Headers headers, boolean end);

  /// A piece of the body.
  ///
  /// @param data whoever is told owns it; may be empty if it ends the response
  /// @param end whether nothing follows
  void onData(ByteBuf data, boolean end);

  /// The end of the response, with trailers.
  void onTrailers(Http2Headers trailers);

  /// No more will be said of what was read in one go: time to flush.
  default void onReadComplete() {}

  /// There is room to send more, or none for now.
  default void onWritable(boolean writable) {}

  /// The stream has ended before its time.
  void onReset(ResetReason reason);
}
