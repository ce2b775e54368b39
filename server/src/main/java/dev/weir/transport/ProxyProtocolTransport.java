package dev.weir.transport;

import dev.weir.config.ProxyHeaderConfig;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Begins a connection with a PROXY header that tells of the client, and goes on as another
/// transport does. Made on the main loop; any worker dials with it.
public final class ProxyProtocolTransport implements UpstreamTransport {
  private final ProxyHeader header;
  private final UpstreamTransport inner;
  private final Account account;

  /// Who counts headers. Called on workers.
  public interface Account {
    /// A header of so many bytes was written.
    void written(int bytes);

    /// A header would have had more fields than it can hold, and the connection was given up.
    void tooLong();
  }

  /// @param inner whose handshake follows the header
  public ProxyProtocolTransport(
      ProxyHeaderConfig config, UpstreamTransport inner, Account account) {
    this.header = new ProxyHeader(config);
    this.inner = inner;
    this.account = account;
  }

  @Override
  public void install(Channel channel, DialOptions options) {
    var introduction = options.introduction();
    channel.pipeline().addLast(new Writer(introduction == null ? null : introduction.get()));
    inner.install(channel, options);
  }

  @Override
  public boolean introduces() {
    return true;
  }

  @Override
  public CompletableFuture<Void> warm() {
    return inner.warm();
  }

  @Override
  public void close() {
    inner.close();
  }

  /// Writes the header as soon as the connection stands, before anybody else may write.
  private final class Writer extends ChannelOutboundHandlerAdapter {
    private final @Nullable Introduction introduction;

    Writer(@Nullable Introduction introduction) {
      this.introduction = introduction;
    }

    @Override
    public void connect(
        ChannelHandlerContext ctx,
        SocketAddress remote,
        @Nullable SocketAddress local,
        ChannelPromise outcome) {
      var connected = ctx.newPromise();
      connected.addListener(_ -> {
        if (connected.isSuccess()) {
          write(ctx, outcome);
        } else {
          outcome.tryFailure(connected.cause());
        }
      });
      ctx.connect(remote, local, connected);
    }

    private void write(ChannelHandlerContext ctx, ChannelPromise outcome) {
      var bytes = ctx.alloc().buffer(ProxyHeader.USUAL_LENGTH);
      if (!encode(ctx.channel(), bytes)) {
        bytes.release();
        account.tooLong();
        outcome.tryFailure(new TransportFailure("")); // for which Envoy has no words
        return;
      }
      account.written(bytes.readableBytes());
      ctx.writeAndFlush(bytes, ctx.voidPromise());
      ctx.pipeline().remove(this);
      outcome.trySuccess();
    }

    private boolean encode(Channel channel, ByteBuf out) {
      return introduction == null
          ? header.encodeOurselves(channel.localAddress(), channel.remoteAddress(), out)
          : header.encode(introduction, out);
    }
  }
}
