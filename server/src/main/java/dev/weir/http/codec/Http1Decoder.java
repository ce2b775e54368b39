package dev.weir.http.codec;

import dev.weir.config.HttpConnectionManagerConfig.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import java.util.regex.Pattern;

/// Netty's decoder of requests, which also tells when a request's head begins. What could be
/// understood in two ways is kept as it came, so that [Http1Requests] can refuse it. Its
/// connection's worker only.
final class Http1Decoder extends HttpRequestDecoder {
  private static final Pattern OTHER_VERSION = Pattern.compile("HTTP/\\d\\.\\d");

  /// Of a request that names none, or another than ours.
  static final HttpVersion OLD = new HttpVersion("HTTP", 0, 9, false);

  /// Of a request whose version is none.
  static final HttpVersion NONE = new HttpVersion("NONE", 0, 0, false);

  private final Http1Handler handler;

  Http1Decoder(Http1Handler handler, Limits limits) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.headerBytes())
            .setMaxHeaderSize(limits.headerBytes())
            .setMaxChunkSize(64 * 1024)
            .setAllowDuplicateContentLengths(false)
            .setUseRfc9112TransferEncoding(false)
            .setStrictLineParsing(false));
    this.handler = handler;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (handler.takesBytes((ByteBuf) message)) {
      super.channelRead(ctx, message);
    }
  }

  @Override
  protected HttpMessage createMessage(String[] line) {
    return new DefaultHttpRequest(
        version(line[1], line[2].strip()), HttpMethod.valueOf(line[0]), line[1], headersFactory);
  }

  private static HttpVersion version(String uri, String text) {
    return switch (text) {
      case "HTTP/1.1" -> HttpVersion.HTTP_1_1;
      case "HTTP/1.0" -> HttpVersion.HTTP_1_0;
      case "" -> uri.startsWith("HTTP/") ? NONE : OLD;
      default -> OTHER_VERSION.matcher(text).matches() ? OLD : NONE;
    };
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    // Stays as it is.
  }
}
