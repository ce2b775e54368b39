package dev.weir.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.transport.OriginalDestination.Outcome;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class OriginalDestinationTest {
  private static Outcome ask(IoHandlerFactory io, Class<? extends Channel> kind) {
    var group = new MultiThreadIoEventLoopGroup(1, io);
    try {
      var channel =
          new Bootstrap()
              .group(group)
              .channel(kind)
              .handler(new ChannelInboundHandlerAdapter())
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .syncUninterruptibly()
              .channel();
      var outcome = OriginalDestination.of(channel);
      channel.close().syncUninterruptibly();
      return outcome;
    } finally {
      group.shutdownGracefully();
    }
  }

  @Test
  void aKernelThatCannotTellIsSaidWithWhatToDo() {
    assumeTrue(Epoll.isAvailable(), "SKIPPED: no epoll");
    // The kernel tells it of TCP only, so that UDP is as good as a kernel that tells it of nothing.
    var outcome = ask(EpollIoHandler.newFactory(), EpollDatagramChannel.class);
    assertTrue(outcome instanceof Outcome.Unavailable, outcome::toString);
    var reason = ((Outcome.Unavailable) outcome).reason();
    assertTrue(
        reason.startsWith("getsockopt(SO_ORIGINAL_DST) fails: Protocol not available. The kernel"),
        reason);
    assertTrue(reason.contains("nf_conntrack"), reason);
  }

  @Test
  void socketsOfOtherSystemsAreSaidToBeUnable() {
    assertEquals(
        new Outcome.Unavailable(
            "SO_ORIGINAL_DST is not to be had: sockets are not those of Linux (epoll)"),
        ask(NioIoHandler.newFactory(), NioDatagramChannel.class));
  }
}
