package dev.weir.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/// Who hears of a request. Called on the connection's worker, in order; never again after
/// [#onReset] or [#onInvalid].
public interface RequestListener {

  /// The head of the request.
  ///
  /// @param headers with `:method`, and what else there is of `:scheme`, `:authority` and `:path`
  /// @param end whether nothing follows
  void onHeaders(Http2Headers headers, boolean end);

  /// A piece of the body.
  ///
  /// @param data whoever is told owns it; may be empty if it ends the request
  /// @param end whether nothing follows
  void onData(ByteBuf data, boolean end);

  /// The end of the request, with trailers.
  void onTrailers(Http2Headers trailers);

  /// No more comes of what was read in one go: time to flush.
  void onReadComplete();

  /// There is room to write more, or none for now.
  void onWritable(boolean writable);

  /// The client has given up, or the connection is gone.
  ///
  /// @param byClient whether the client has reset this very request
  void onReset(boolean byClient);

  /// It is no valid request. With HTTP/1 an answer may be given, then the connection ends; with
  /// HTTP/2 the stream or the connection ends at once.
  void onInvalid(InvalidRequest why);
}
