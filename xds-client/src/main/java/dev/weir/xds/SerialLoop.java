package dev.weir.xds;

import java.time.Duration;
import java.util.concurrent.Executor;

/// One thread's queue and clock. State that a loop owns is touched by its thread alone; [#check]
/// makes that a rule that fails loudly instead of a comment.
public interface SerialLoop extends Executor {

  /// Whether the caller runs on this loop.
  boolean inLoop();

  /// Runs the task on this loop after the delay, unless it is cancelled before.
  Cancellable schedule(Duration delay, Runnable task);

  /// Nanoseconds of a clock that only goes forward.
  long nanoTime();

  /// First line of every method that touches state owned by the loop.
  ///
  /// @throws IllegalStateException if called from elsewhere, which is a bug of ours
  default void check() {
    if (!inLoop()) {
      throw new IllegalStateException("called from " + Thread.currentThread() + ", not " + this);
    }
  }

  /// A scheduled task.
  interface Cancellable {
    /// Keeps the task from running, if it has not begun.
    void cancel();
  }
}
