package dev.weir.transport;

import java.util.concurrent.TimeUnit;

/// The clock of the timers. Any thread.
@FunctionalInterface
public interface Clock {
  /// The machine's own.
  Clock SYSTEM = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());

  /// Milliseconds since some moment; never goes back.
  long millis();
}
