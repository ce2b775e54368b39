package dev.weir.upstream.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/// What a host says on an HTTP/2 connection, handed to the streams that it is for. The connection's
/// worker only.
final class Http2Events extends Http2ConnectionAdapter
    implements Http2FrameListener, Http2RemoteFlowController.Listener {
  private final Http2Codec codec;
  private int empty;

  Http2Events(Http2Codec codec) {
    this.codec = codec;
  }

  /// Our stream of one of Netty's; null for one that has none, or none any more.
  static @Nullable Http2ClientStream stream(Http2Codec codec, Http2Stream netty) {
    return netty.getProperty(codec.key());
  }

  private @Nullable Http2ClientStream stream(int id) {
    var netty = codec.connection().stream(id);
    return netty == null ? null : stream(codec, netty);
  }

  @Override
  public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end)
      throws Http2Exception {
    codec.keepalive().heard();
    limitEmpty(data.isReadable() || end);
    var stream = stream(id);
    int size = data.readableBytes() + padding;
    return stream == null ? size : stream.onData(data, size, end);
  }

  /// Frames without content cost the host nothing, and us something.
  private void limitEmpty(boolean content) throws Http2Exception {
    empty = content ? 0 : empty + 1;
    int limit = codec.owner().pool().config().http2().emptyFrames();
    if (limit > 0 && empty > limit) {
      codec.stats().emptyFramesFlood.increment();
      throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many empty frames");
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
    codec.keepalive().heard();
    var stream = stream(id);
    if (stream != null) {
      stream.onHeaders(headers, end);
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end) {
    onHeadersRead(ctx, id, headers, padding, end);
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
    codec.stats().resetReceived.increment();
    var stream = stream(id);
    if (stream != null) {
      stream.onReset(code);
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
    var streams = settings.maxConcurrentStreams();
    if (streams != null) {
      codec.allowed(streams);
    }
  }

  @Override
  public void onGoAwayRead(ChannelHandlerContext ctx, int last, long code, ByteBuf debug) {
    codec.goingAway();
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) {
    codec.keepalive().answered();
  }

  /// Netty has closed a stream: a reset, or a GOAWAY that leaves it out.
  @Override
  public void onStreamClosed(Http2Stream netty) {
    var stream = stream(codec, netty);
    if (stream != null) {
      stream.onStreamClosed();
    }
  }

  @Override
  public void onGoAwayReceived(int last, long code, ByteBuf debug) {
    try {
      codec.connection().forEachActiveStream(netty -> refuse(netty, last));
    } catch (Http2Exception e) {
      throw new IllegalStateException(e); // only if the visitor throws
    }
  }

  private boolean refuse(Http2Stream netty, int last) {
    var stream = stream(codec, netty);
    if (stream != null && netty.id() > last) {
      stream.failWith(ResetReason.REMOTE_REFUSED_STREAM_RESET);
    }
    return true;
  }

  @Override
  public void writabilityChanged(Http2Stream netty) {
    var stream = stream(codec, netty);
    if (stream != null) {
      stream.onWritable();
    }
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive) {}

  @Override
  public void onSettingsAckRead(ChannelHandlerContext ctx) {}

  @Override
  public void onPingRead(ChannelHandlerContext ctx, long data) {}

  @Override
  public void onPushPromiseRead(
      ChannelHandlerContext ctx, int id, int promised, Http2Headers headers, int padding) {}

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment) {}

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext ctx, byte type, int id, Http2Flags flags, ByteBuf payload) {}
}
