package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Many small configurations on Envoy and on Weir, all in one start of each: connections have to go
/// to the same hosts, end with the same flags, and count the same.
class PickComparisonTest {
  private static final int RANDOM_CASES = Integer.getInteger("weir.test.cases", 260);
  private static final int BACKENDS = 8;

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Test
  void connectionsGoWhereEnvoySendsThem() throws IOException {
    long seed = Long.getLong("weir.test.seed", System.nanoTime());
    System.out.println("seed " + seed + " (-Dweir.test.seed)");
    var backends = IntStream.range(0, BACKENDS).mapToObj(PickComparisonTest::backend).toList();
    try {
      var ports = backends.stream().map(Echo::port).toList();
      var cases = new ArrayList<>(WrittenPickCases.read(ports));
      var random = new RandomPickCases(new SplittableRandom(seed), ports);
      for (int i = 0; i < RANDOM_CASES; i++) {
        cases.add(random.next());
      }
      assertEquals(List.of(), differences(cases, ports), () -> "seed " + seed);
    } finally {
      for (var backend : backends) {
        backend.close();
      }
    }
  }

  private static Echo backend(int number) {
    try {
      return Echo.start("host" + number, ANY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> differences(List<PickCase> cases, List<Integer> backends)
      throws IOException {
    try (var envoy = new PickRun(ProxyKind.ENVOY, cases);
        var weir = new PickRun(ProxyKind.WEIR, cases);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var both = List.of(envoy, weir);
      CompletableFuture.allOf(
              both.stream()
                  .map(run -> CompletableFuture.runAsync(run::connectAll, threads))
                  .toArray(CompletableFuture<?>[]::new))
          .join();
      envoy.converge(weir);
      assertEquals(List.of(), weir.wronglyExplained(backends), "wrongly explained");
      return envoy.differences(weir);
    }
  }
}
