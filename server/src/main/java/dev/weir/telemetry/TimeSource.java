package dev.weir.telemetry;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The wall clock and the stopwatch that records are stamped by. Any thread.
public interface TimeSource {
  /// The machine's own.
  TimeSource SYSTEM =
      new TimeSource() {
        @Override
        public long epochMicros() {
          return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        }

        @Override
        public long nanos() {
          return System.nanoTime();
        }
      };

  /// Microseconds since 1970, as people count them.
  long epochMicros();

  /// Nanoseconds that never jump, from an arbitrary start.
  long nanos();
}
