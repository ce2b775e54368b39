package dev.weir.upstream.http;

import dev.weir.config.HttpProtocol;
import dev.weir.upstream.connect.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;

/// One request to a host and its response, over HTTP/1.1 or HTTP/2. Its worker only.
///
/// Headers have HTTP/2's form whatever is spoken: lower-case names, and `:method`, `:scheme`,
/// `:authority`, `:path` before the others. After the end, sent by us and by the host, or after
/// [#reset] or [StreamListener#onReset], nothing may be sent and nothing is heard any more.
///
/// What is sent waits for [#flush].
public interface UpstreamStream {

  /// Who hears of the response from now on; to be set before anything is sent, and again whenever
  /// another takes over.
  void listener(StreamListener listener);

  /// Sends the head of the request. Once, first.
  ///
  /// @param end whether nothing follows
  void sendHeaders(Http2Headers headers, boolean end);

  /// Sends a piece of the body.
  ///
  /// @param data the stream owns it from here
  /// @param end whether nothing follows
  void sendData(ByteBuf data, boolean end);

  /// Sends trailers, which end the request.
  void sendTrailers(Http2Headers trailers);

  /// Lets what was sent leave.
  void flush();

  /// Gives up: with HTTP/2 by a RST_STREAM, with HTTP/1.1 by closing the connection.
  void reset(ResetReason reason);

  /// Ends the request without waiting for what is left of the response: with HTTP/1.1, the
  /// connection closes once all is written.
  default void conclude() {
    sendData(Unpooled.EMPTY_BUFFER, true);
    flush();
  }

  /// Whether there is room for more; if not, [StreamListener#onWritable] tells when there is. What
  /// is sent regardless is buffered.
  boolean isWritable();

  /// Stops or resumes the flow from the host. What is under way, up to a window's worth, still
  /// comes.
  void read(boolean wanted);

  /// The connection that it is on, with its host, its addresses and its account.
  UpstreamConnection connection();

  /// What is spoken on that connection.
  HttpProtocol protocol();

  /// How many bytes this stream has put on and taken from the wire.
  WireBytes bytes();
}
