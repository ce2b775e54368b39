package dev.weir.engine;

import dev.weir.xds.SerialLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;

/// A loop on the test's own thread, with a clock that the test turns.
public final class ManualLoop implements SerialLoop {
  private record Timer(long due, long order, Runnable task) {}

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          (a, b) -> a.due != b.due ? Long.compare(a.due, b.due) : Long.compare(a.order, b.order));
  private long nanos;
  private long order;

  @Override
  public boolean inLoop() {
    return true;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    var timer = new Timer(nanos + delay.toNanos(), order++, task);
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

  /// Runs all that waits, and what comes of it.
  public void run() {
    for (var task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /// Lets time pass.
  public void advance(Duration time) {
    long end = nanos + time.toNanos();
    run();
    while (!timers.isEmpty() && timers.peek().due <= end) {
      var timer = timers.poll();
      nanos = timer.due;
      timer.task.run();
      run();
    }
    nanos = end;
  }
}
