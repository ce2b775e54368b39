package dev.weir.server;

import dev.weir.telemetry.StatFamily;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/// Notices loops that do not come round: asks each for a sign of life, and counts those that let it
/// wait. A loop that hangs holds up all its connections, and nothing else would tell.
final class Watchdog implements AutoCloseable {
  private static final Duration ROUND = Duration.ofMillis(100);
  private static final Duration MISS = Duration.ofMillis(200);
  private static final Duration MEGA_MISS = Duration.ofSeconds(1);

  private static final StatFamily FAMILY =
      StatFamily.counters("watchdog_mega_miss", "watchdog_miss");

  private final Stats stats;
  private final List<Watched> loops = new ArrayList<>();
  private final Thread thread = Thread.ofPlatform().name("watchdog").daemon().unstarted(this::run);

  Watchdog(Stats stats) {
    this.stats = stats;
  }

  /// Watches a loop from [#start] on.
  ///
  /// @param kind what it is counted with, such as `workers`
  /// @param name what it is counted as, such as `worker_0`
  void watch(String kind, String name, Executor loop) {
    loops.add(
        new Watched(
            loop, List.of(stats.scope(kind, FAMILY), stats.scope("server." + name, FAMILY))));
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        loops.forEach(Watched::check);
        Thread.sleep(ROUND);
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  /// One loop. The watchdog's thread, but for the answer.
  private static final class Watched {
    private final Executor loop;
    private final List<StatScope> scopes;
    private volatile boolean answered = true;
    private long asked;
    private boolean missed;
    private boolean megaMissed;

    Watched(Executor loop, List<StatScope> scopes) {
      this.loop = loop;
      this.scopes = scopes;
    }

    void check() {
      if (answered) {
        answered = false;
        missed = false;
        megaMissed = false;
        asked = System.nanoTime();
        loop.execute(() -> answered = true);
        return;
      }
      long waited = System.nanoTime() - asked;
      if (!missed && waited >= MISS.toNanos()) {
        missed = true;
        count("watchdog_miss");
      }
      if (!megaMissed && waited >= MEGA_MISS.toNanos()) {
        megaMissed = true;
        count("watchdog_mega_miss");
      }
    }

    private void count(String name) {
      scopes.forEach(scope -> scope.counter(name).increment());
    }
  }
}
