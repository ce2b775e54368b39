package dev.weir.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.jspecify.annotations.Nullable;

/// Keeps what a client sends before anybody wants to read it, and leaves the pipeline with the
/// first read.
///
/// While the upstream is being connected nothing is read; yet a channel reads once more when the
/// client hangs up. Listener filters read on purpose, to look without taking away.
public class HoldHandler extends ChannelDuplexHandler {
  private @Nullable CompositeByteBuf held;
  private boolean ended;

  /// What is held, to look at; null if there is nothing.
  protected final @Nullable ByteBuf held() {
    return held;
  }

  /// Whether the client has sent its FIN.
  protected final boolean ended() {
    return ended;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (held == null) {
      held = ctx.alloc().compositeBuffer(Integer.MAX_VALUE); // never copies to have fewer parts
    }
    held.addComponent(true, (ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // Nobody further on has seen a read.
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      ended = true;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // the client's reset; whoever waits for this connection will find it closed
  }

  /// Somebody reads: hands on what is held and makes room.
  @Override
  public void read(ChannelHandlerContext ctx) {
    ctx.read();
    handOver(ctx);
  }

  /// Leaves the pipeline, and gives what is held to the handler behind.
  public void handOver(ChannelHandlerContext ctx) {
    var bytes = held;
    held = null;
    ctx.pipeline().remove(this);
    if (bytes != null) {
      ctx.fireChannelRead(bytes);
      ctx.fireChannelReadComplete();
    }
    if (ended) {
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
