package dev.weir.xds;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/// One thread's queue and clock. Whatever is called on it is called in order, one at a time.
///
/// In production [MainLoop]; in tests a loop whose clock the test turns.
public interface SerialLoop extends Executor {
  /// Whether the caller runs on this loop.
  boolean inLoop();

  /// Runs a task on this loop after a delay. May be called from any thread.
  Cancellable schedule(Duration delay, Runnable task);

  /// A clock for measuring: nanoseconds since some moment.
  long nanoTime();

  /// The time of day, for people to read.
  Instant now();

  /// First line of every method that touches state owned by the loop.
  ///
  /// @throws IllegalStateException if called from elsewhere
  default void check() {
    if (!inLoop()) {
      throw new IllegalStateException("called from " + Thread.currentThread() + ", not " + this);
    }
  }

  /// Something that has not run yet.
  interface Cancellable {
    /// Sees to it that it does not run. Without effect once it has run. Called on the loop.
    void cancel();
  }
}
