package dev.weir.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/// `envoy.filters.network.echo`: sends back what comes. Any worker.
public final class EchoFilter implements NetworkFilter {

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    connection.channel().pipeline().addLast(new Echo(connection));
    connection.channel().config().setAutoRead(true);
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    private final Connection connection;

    Echo(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      int bytes = ((ByteBuf) message).readableBytes();
      connection.record().addReceived(bytes);
      connection.record().addSent(bytes);
      ctx.write(message, ctx.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      connection.touch();
      ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(_ -> connection.close(CloseReason.PEER));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      connection.reset(CloseReason.PEER);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      connection.close(CloseReason.PEER);
    }
  }
}
