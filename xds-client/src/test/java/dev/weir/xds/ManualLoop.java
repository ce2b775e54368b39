package dev.weir.xds;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A loop that runs on the test's thread while the test waits, and whose clock the test turns.
final class ManualLoop implements SerialLoop {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final List<Timer> timers = new ArrayList<>();
  private final Thread owner = Thread.currentThread();
  private long nanos;

  private record Timer(long due, Runnable task) {}

  @Override
  public boolean inLoop() {
    return Thread.currentThread() == owner;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    var timer = new Timer(nanos + delay.toNanos(), task);
    timers.add(timer);
    return () -> timers.remove(timer);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant now() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  /// Runs what is there.
  void run() {
    for (var task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /// Turns the clock, and runs what becomes due.
  void advance(Duration by) {
    run();
    nanos += by.toNanos();
    while (true) {
      var due =
          timers.stream()
              .filter(timer -> timer.due <= nanos)
              .min(Comparator.comparingLong(Timer::due));
      if (due.isEmpty()) {
        return;
      }
      timers.remove(due.get());
      due.get().task.run();
      run();
    }
  }

  /// How many timers are running.
  int timers() {
    return timers.size();
  }

  /// Runs until something holds.
  void until(String what, BooleanSupplier holds) {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    run();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("waited in vain for " + what);
      }
      try {
        var task = tasks.poll(5, TimeUnit.MILLISECONDS);
        if (task != null) {
          task.run();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /// Runs until there is a result.
  <R> R await(String what, Supplier<@Nullable R> result) {
    var holder = new ArrayList<R>();
    until(
        what,
        () -> {
          var found = result.get();
          if (found != null) {
            holder.add(found);
          }
          return !holder.isEmpty();
        });
    return holder.getFirst();
  }
}
