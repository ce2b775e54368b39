package dev.weir.upstream.http;

import dev.weir.config.UpstreamHttpConfig;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;

/// Reads HTTP/1.1 responses; it has to know what the request was to tell whether there is a body.
/// Its worker only.
final class Http1Response extends HttpResponseDecoder {
  private static final int MAX_CHUNK = 64 * 1024;
  private final boolean chunkedLength;
  private boolean head;
  private boolean connect;
  private boolean within;

  Http1Response(UpstreamHttpConfig config) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(config.limits().headerBytes())
            .setMaxHeaderSize(config.limits().headerBytes())
            .setMaxChunkSize(MAX_CHUNK));
    this.chunkedLength = config.http1().chunkedLength();
  }

  /// The next response is for this request.
  void expect(Http2Headers request) {
    head = Http1Request.isMethod(request, "HEAD");
    connect = Http1Request.isMethod(request, "CONNECT");
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    within |= in.isReadable();
    super.decode(ctx, in, out);
  }

  /// A response, or one before the response, was read to its end.
  void ended() {
    within = false;
  }

  /// Whether a response has begun, and not ended.
  boolean isWithinResponse() {
    return within;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return head || isTunnel((HttpResponse) message) || super.isContentAlwaysEmpty(message);
  }

  /// Whether what follows is not HTTP any more.
  boolean isTunnel(HttpResponse response) {
    int status = response.status().code();
    return status == 101 || (connect && status / 100 == 2);
  }

  /// Netty bears with anything between a name and its colon; Envoy does not.
  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    if (line[start + length] != ':') {
      throw new IllegalArgumentException("no colon behind a name");
    }
    return super.splitHeaderName(line, start, length);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    if (!chunkedLength) {
      throw new IllegalArgumentException("both content-length and transfer-encoding");
    }
    super.handleTransferEncodingChunkedWithContentLength(message);
  }

  /// The head in HTTP/2's form.
  static Http2Headers headers(HttpResponse response) {
    var headers = fields(response.headers());
    headers.status(response.status().codeAsText());
    return headers;
  }

  /// Fields in HTTP/2's form.
  static Http2Headers fields(HttpHeaders fields) {
    var headers = new DefaultHttp2Headers(false, Math.max(2, fields.size()));
    var all = fields.iteratorCharSequence();
    while (all.hasNext()) {
      var field = all.next();
      headers.add(AsciiString.of(field.getKey()).toLowerCase(), field.getValue());
    }
    return headers;
  }
}
