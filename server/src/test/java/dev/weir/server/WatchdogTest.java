package dev.weir.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.telemetry.Stats;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class WatchdogTest {

  @Test
  void aLoopThatHangsIsCountedOnceForEachKindOfMiss() {
    var stats = new Stats();
    var release = new CountDownLatch(1);
    try (var hanging = Executors.newSingleThreadExecutor();
        var lively = Executors.newSingleThreadExecutor();
        var watchdog = new Watchdog(stats)) {
      hanging.execute(() -> {
        try {
          release.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      });
      watchdog.watch("workers", "worker_0", hanging);
      watchdog.watch("workers", "worker_1", lively);
      watchdog.start();
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            while (stats.scope("workers").counter("watchdog_mega_miss").value() == 0) {
              Thread.sleep(20);
            }
          });
      assertEquals(1, stats.scope("server.worker_0").counter("watchdog_miss").value());
      assertEquals(1, stats.scope("server.worker_0").counter("watchdog_mega_miss").value());
      release.countDown();
    }
  }
}
