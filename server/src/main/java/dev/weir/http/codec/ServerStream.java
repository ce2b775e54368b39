package dev.weir.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/// One request of a client: the way back to it. The connection's worker only.
///
/// What is written waits for [#flush]. After the response has ended, or after [#reset], nothing may
/// be written any more.
public interface ServerStream {

  /// Another hears of the request from now on.
  void listener(RequestListener next);

  /// Writes a response before the response, such as 100.
  void writeInformational(Http2Headers headers);

  /// Writes the head of the response.
  ///
  /// @param headers with `:status`
  /// @param end whether nothing follows
  void writeHeaders(Http2Headers headers, boolean end);

  /// Writes a piece of the body.
  ///
  /// @param data the stream owns it from here
  /// @param end whether nothing follows
  void writeData(ByteBuf data, boolean end);

  /// Writes trailers, which end the response.
  void writeTrailers(Http2Headers trailers);

  /// A complete response that the client leaves no room for is given up after that time. HTTP/2
  /// only: with HTTP/1 whoever looks after the connection does that.
  ///
  /// @param millis 0 for never
  void flushTimeout(long millis);

  /// Lets what was written leave.
  void flush();

  /// Gives the request up: with HTTP/2 by a RST_STREAM, with HTTP/1 the connection has to be closed
  /// by whoever calls.
  ///
  /// @param code of HTTP/2
  void reset(long code);

  /// Whether there is room to write more.
  boolean isWritable();

  /// Stops or resumes the flow from the client. What is under way still comes.
  void read(boolean wanted);

  /// Whether the client speaks HTTP/1.0.
  boolean isHttp10();

  /// Whoever served the request is through with it: the next may come.
  void done();

  /// Whether the request was read to its end.
  boolean requestComplete();
}
