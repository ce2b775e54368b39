package dev.weir.http.codec;

import dev.weir.config.HttpConnectionManagerConfig.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/// Netty's decoder of requests, which also tells when a request's head begins. Both ways to say how
/// long a body is are kept, so that [Http1Requests] can refuse them. Its connection's worker only.
final class Http1Decoder extends HttpRequestDecoder {
  private final Http1Handler handler;

  Http1Decoder(Http1Handler handler, Limits limits) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.headerBytes())
            .setMaxHeaderSize(limits.headerBytes())
            .setMaxChunkSize(64 * 1024)
            .setAllowDuplicateContentLengths(false)
            .setStrictLineParsing(false));
    this.handler = handler;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    handler.onBytes(((ByteBuf) message).isReadable());
    super.channelRead(ctx, message);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    // Stays as it is.
  }
}
