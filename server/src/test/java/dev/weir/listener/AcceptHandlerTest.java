package dev.weir.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.FilterChainMatch;
import dev.weir.config.ListenerConfig.ListenAddress;
import dev.weir.config.NetworkFilterConfig.Echo;
import dev.weir.config.SocketConfig;
import dev.weir.transport.ListenSocket;
import dev.weir.transport.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// A worker that cannot accept.
class AcceptHandlerTest {
  private final ManualClock clock = new ManualClock();

  @Test
  void whenAcceptingFailsItPausesForLongerEachTime() throws IOException {
    try (var proxy =
        ProxyFixture.start(
            clock, Configs.listener(Configs.chain(FilterChainMatch.ANY, new Echo())))) {
      var worker = proxy.loops().workers().getFirst();
      var address = new ListenAddress(Configs.ANY_PORT, SocketConfig.DEFAULT);
      var socket = ListenSocket.open(worker.transport(), address, false, 0);
      socket.listen();
      var channel = socket.newChannel();
      channel.pipeline().addLast(new AcceptHandler(worker, List.of(proxy.shard()), false, channel));
      worker.loop().register(channel).syncUninterruptibly();
      for (int pause = 10, turn = 1; pause < 1_000; pause *= 2, turn++) {
        var failure = new IOException("accept(..) failed with error(-24): Too many open files");
        CompletableFuture.runAsync(
                () -> channel.pipeline().fireExceptionCaught(failure), worker::execute)
            .join();
        assertEquals(turn, proxy.stat("listener.l.downstream_accept_failure"));
        assertFalse(channel.config().isAutoRead());
        clock.advance(Duration.ofMillis(pause - 1), proxy.loops());
        assertFalse(channel.config().isAutoRead());
        clock.advance(Duration.ofMillis(9), proxy.loops());
        assertTrue(channel.config().isAutoRead());
      }
      channel.close().syncUninterruptibly();
    }
  }
}
