package dev.weir.listener;

import dev.weir.config.ListenerLimits;
import java.net.InetAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// How many connections of one listener are open, in all and by where they come from, whichever
/// configuration took them in. Any thread.
final class Quota {
  private final AtomicLong open = new AtomicLong();
  private final ConcurrentHashMap<InetAddress, Integer> bySource = new ConcurrentHashMap<>();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  /// Counts a connection in.
  ///
  /// @return false if it is one too many, and does not count
  boolean enter(long max) {
    if (open.incrementAndGet() > max) {
      open.decrementAndGet();
      return false;
    }
    return true;
  }

  /// A connection that was counted in has ended: one of those who wait may accept again.
  void leave() {
    open.decrementAndGet();
    var next = waiting.poll();
    if (next != null) {
      next.run();
    }
  }

  /// Whether no further connection may come in.
  boolean isFull(long max) {
    return open.get() >= max;
  }

  /// Runs a task, on any thread, when a connection has ended, or when there may be more of them.
  void whenRoom(Runnable task) {
    waiting.add(task);
  }

  /// There may be more of them now.
  void wakeAll() {
    for (var next = waiting.poll(); next != null; next = waiting.poll()) {
      next.run();
    }
  }

  /// Counts a connection in by where it comes from.
  ///
  /// @return false if it is one too many, and does not count
  boolean enter(InetAddress source, long max) {
    if (max == ListenerLimits.UNLIMITED) {
      return true;
    }
    var entered = new boolean[1];
    bySource.compute(
        source,
        (_, count) -> {
          int before = count == null ? 0 : count;
          entered[0] = before < max;
          return entered[0] ? Integer.valueOf(before + 1) : count;
        });
    return entered[0];
  }

  /// A connection that was counted in by its source has ended.
  void leave(InetAddress source) {
    bySource.computeIfPresent(source, (_, count) -> count == 1 ? null : count - 1);
  }
}
