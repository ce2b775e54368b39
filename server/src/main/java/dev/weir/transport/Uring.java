package dev.weir.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Netty's io_uring, made to keep the promises that the other transports keep. Any thread.
final class Uring {
  // Netty reads these when its io_uring is first used.
  static {
    // A kernel that goes on accepting by itself takes connections from the queue that are to stay.
    System.setProperty("io.netty.iouring.acceptMultiShotEnabled", "false");
    // A poll that stays tells of bytes when they come, once. A channel that is being paused just
    // then forgets it (4.2.18), and waits for more bytes; a poll for each read tells of all that is
    // there.
    System.setProperty("io.netty.iouring.pollAddMultishotEnabled", "false");
  }

  private Uring() {}

  /// Why there is none here; null if there is.
  static @Nullable Throwable unavailabilityCause() {
    return IoUring.unavailabilityCause();
  }

  static IoHandlerFactory ioHandlers() {
    return UringLoop::new;
  }

  /// Has a connection's channel keep the usual order, if it is one of io_uring. Its pipeline has no
  /// handlers yet.
  static void order(Channel channel) {
    if (channel instanceof IoUringSocketChannel || channel instanceof IoUringDomainSocketChannel) {
      channel.pipeline().addFirst(new Order());
    }
  }

  /// Other channels tell of the end of their input after the read that came before it, and have
  /// sent at the time of a close what was flushed, as far as the kernel takes it. Those of io_uring
  /// tell of the end within the read, and send in their loop's next turn, which a close takes back.
  /// The channel's worker only.
  private static final class Order extends ChannelDuplexHandler {
    private boolean reading;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      reading = true;
      ctx.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      reading = false;
      ctx.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (reading && event instanceof ChannelInputShutdownEvent) {
        channelReadComplete(ctx);
      }
      ctx.fireUserEventTriggered(event);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
      if (isSending(ctx.channel())) {
        ctx.channel().config().setAutoRead(false);
        // What is scheduled runs after the loop has submitted what is flushed by now.
        ctx.executor().schedule(() -> ctx.close(promise), 0, TimeUnit.NANOSECONDS);
      } else {
        ctx.close(promise);
      }
    }

    private static boolean isSending(Channel channel) {
      var buffer = channel.unsafe().outboundBuffer();
      return channel.isActive() && buffer != null && !buffer.isEmpty();
    }
  }
}
