package dev.weir.upstream.call;

import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What became of an [HttpCall].
public sealed interface HttpAnswer {

  /// A whole response.
  ///
  /// @param trailers null for none
  record Response(Http2Headers headers, ByteBuffer body, @Nullable Http2Headers trailers)
      implements HttpAnswer {

    /// The value of `:status`; 0 if it is no number.
    public int status() {
      var status = headers.status();
      return status != null && status.toString().matches("[1-5][0-9][0-9]")
          ? Integer.parseInt(status.toString())
          : 0;
    }
  }

  /// There is none.
  ///
  /// @param status that a client in our place would get
  /// @param reason for people to read
  record Failed(int status, String reason) implements HttpAnswer {}
}
