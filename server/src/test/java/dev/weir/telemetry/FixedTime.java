package dev.weir.telemetry;

import java.time.Instant;

/// A clock that a test turns.
final class FixedTime implements TimeSource {
  private final long epochMicros;
  private long nanos;

  FixedTime(String start) {
    var instant = Instant.parse(start);
    this.epochMicros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  void advanceMicros(long micros) {
    nanos += micros * 1_000;
  }

  @Override
  public long epochMicros() {
    return epochMicros + nanos / 1_000;
  }

  @Override
  public long nanos() {
    return nanos;
  }
}
