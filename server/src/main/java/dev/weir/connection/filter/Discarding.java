package dev.weir.connection.filter;

import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// Reads what a client sends that is about to be closed, and drops it: bytes that nobody has read
/// would make the kernel reset the connection, and the client lose what it was sent. One worker.
final class Discarding extends ChannelInboundHandlerAdapter {
  private final Connection connection;

  private Discarding(Connection connection) {
    this.connection = connection;
  }

  static void begin(Connection connection) {
    connection.channel().pipeline().addLast(new Discarding(connection));
    connection.channel().config().setAutoRead(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var bytes = (ByteBuf) message;
    connection.record().addReceived(bytes.readableBytes());
    bytes.release();
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
