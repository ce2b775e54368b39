package dev.weir.http.codec;

import dev.weir.config.http.Http2Config.FloodLimits;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import org.jspecify.annotations.Nullable;

/// Writes frames, and counts those that wait because the client takes none: answers, and what the
/// client has asked for by PING, SETTINGS or requests that are reset. DATA is not among them, since
/// a client has to make room for it. Its connection's worker only.
final class OutboundFrames extends DefaultHttp2FrameWriter {
  private final FloodLimits limits;
  private final Http2Stats stats;
  private final ChannelFutureListener written = _ -> written();
  private final ChannelFutureListener controlWritten = _ -> controlWritten();
  private int waiting;
  private int controlWaiting;

  OutboundFrames(FloodLimits limits, Http2Stats stats) {
    super(Http2HeadersEncoder.NEVER_SENSITIVE, true);
    this.limits = limits;
    this.stats = stats;
  }

  /// What there is too much of; null if all is well.
  @Nullable Flood flood() {
    if (controlWaiting > limits.outboundControlFrames()) {
      return Flood.CONTROL;
    }
    return waiting > limits.outboundFrames() ? Flood.OUTBOUND : null;
  }

  private void written() {
    waiting--;
    stats.framesWaiting.decrement();
  }

  private void controlWritten() {
    controlWaiting--;
    stats.controlFramesWaiting.decrement();
    written();
  }

  private ChannelFuture counted(ChannelFuture future) {
    waiting++;
    stats.framesWaiting.increment();
    return future.addListener(written);
  }

  private ChannelFuture countedControl(ChannelFuture future) {
    controlWaiting++;
    stats.controlFramesWaiting.increment();
    waiting++;
    stats.framesWaiting.increment();
    return future.addListener(controlWritten);
  }

  @Override
  public ChannelFuture writeHeaders(
      ChannelHandlerContext ctx,
      int stream,
      Http2Headers headers,
      int padding,
      boolean end,
      ChannelPromise promise) {
    return counted(super.writeHeaders(ctx, stream, headers, padding, end, promise));
  }

  @Override
  public ChannelFuture writeRstStream(
      ChannelHandlerContext ctx, int stream, long code, ChannelPromise promise) {
    return countedControl(super.writeRstStream(ctx, stream, code, promise));
  }

  @Override
  public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
    return countedControl(super.writeSettingsAck(ctx, promise));
  }

  @Override
  public ChannelFuture writePing(
      ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
    return countedControl(super.writePing(ctx, ack, data, promise));
  }
}
