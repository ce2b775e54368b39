package dev.weir.upstream.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;

/// Writes frames as Envoy's clients do. One for each connection.
final class Http2Frames extends DefaultHttp2FrameWriter {
  /// Envoy's order of settings; hosts may tell clients apart by it.
  private static final char[] ORDER = {2, 1, 8, 3, 4};

  /// The size that the dynamic table is made for, not its limit.
  private static final int TABLE_ENTRIES = 16;

  private Http2Frames(Http2HeadersEncoder headers) {
    super(headers);
  }

  static Http2FrameWriter writer() {
    // Text is Huffman-coded however short it is.
    return new Http2Frames(
        new DefaultHttp2HeadersEncoder(
            Http2HeadersEncoder.NEVER_SENSITIVE, true, TABLE_ENTRIES, 0));
  }

  @Override
  public ChannelFuture writeSettings(
      ChannelHandlerContext ctx, Http2Settings settings, ChannelPromise promise) {
    int size = Http2CodecUtil.SETTING_ENTRY_LENGTH * settings.size();
    var frame = ctx.alloc().buffer(Http2CodecUtil.FRAME_HEADER_LENGTH + size);
    frame.writeMedium(size);
    frame.writeByte(Http2FrameTypes.SETTINGS);
    frame.writeByte(new Http2Flags().value());
    frame.writeInt(0);
    for (char id : ORDER) {
      var value = settings.get(id);
      if (value != null) {
        frame.writeChar(id);
        frame.writeInt(value.intValue());
      }
    }
    if (frame.writerIndex() != Http2CodecUtil.FRAME_HEADER_LENGTH + size) {
      frame.release();
      promise.setFailure(new IllegalStateException("a setting without a place: " + settings));
      return promise;
    }
    return ctx.write(frame, promise);
  }
}
