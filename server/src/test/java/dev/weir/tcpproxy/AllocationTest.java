package dev.weir.tcpproxy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weir.config.FilterChainMatch;
import dev.weir.listener.Configs;
import dev.weir.listener.ProxyFixture;
import dev.weir.listener.Upstream;
import dev.weir.transport.Transport;
import dev.weir.transport.Transports;
import dev.weir.transport.WithoutLeakDetection;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What moving a chunk costs the heap. Leak detection is off here, as it allocates itself.
@ExtendWith(WithoutLeakDetection.class)
class AllocationTest {
  private static final int CHUNKS = 4_000;

  /// With io_uring Netty makes an object for each thing that it asks of the kernel.
  @ParameterizedTest
  @CsvSource({"EPOLL, 16", "IO_URING, 240"})
  void aChunkAllocatesNextToNothing(Transport transport, long mostBytes) throws IOException {
    Transports.assumeWork(transport);
    try (var up = Upstream.listen();
        var proxy =
            ProxyFixture.start(
                    transport,
                    Configs.listener(Configs.chain(FilterChainMatch.ANY, Configs.tcpProxy())))
                .with(Configs.cluster(1 << 20, Duration.ofSeconds(5), up.address()));
        var client = proxy.connect();
        var server = up.accept()) {
      bounce(client, server, CHUNKS);
      long before = allocated(proxy);
      bounce(client, server, CHUNKS);
      long each = (allocated(proxy) - before) / CHUNKS;
      assertTrue(each <= mostBytes, each + " bytes for each chunk");
    }
  }

  private static void bounce(Socket a, Socket b, int chunks) throws IOException {
    a.setTcpNoDelay(true);
    b.setTcpNoDelay(true);
    for (int i = 0; i < chunks / 2; i++) {
      a.getOutputStream().write(1);
      b.getInputStream().read();
      b.getOutputStream().write(2);
      a.getInputStream().read();
    }
  }

  private static long allocated(ProxyFixture proxy) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return CompletableFuture.supplyAsync(
            threads::getCurrentThreadAllocatedBytes, proxy.loops().workers().getFirst()::execute)
        .join();
  }
}
