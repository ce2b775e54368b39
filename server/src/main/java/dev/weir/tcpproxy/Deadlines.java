package dev.weir.tcpproxy;

import dev.weir.config.TcpProxyConfig;
import dev.weir.transport.TimerWheel;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// When the time of a connection is up, in milliseconds on its worker's clock. Its worker only.
final class Deadlines {
  private final long idleMillis;
  private final long maxDurationAt;
  private final long logEvery;
  private long logAt;

  /// @param ownIdle the connection's own idle timeout, in milliseconds; null for the configured one
  /// @param start when the connection began
  Deadlines(TcpProxyConfig config, @Nullable Long ownIdle, long start) {
    idleMillis = ownIdle == null ? orNever(config.timing().idle()) : ownIdle;
    maxDurationAt = after(start, lengthened(config.timing()));
    logEvery = orNever(config.accessLogs().flushInterval());
    logAt = after(start, logEvery);
  }

  private static long orNever(Duration duration) {
    return duration.isZero() ? TimerWheel.NEVER : Math.max(1, duration.toMillis());
  }

  private static long after(long moment, long millis) {
    return millis == TimerWheel.NEVER ? TimerWheel.NEVER : moment + millis;
  }

  private static long lengthened(TcpProxyConfig.Timing timing) {
    long base = orNever(timing.maxDuration());
    if (base == TimerWheel.NEVER || timing.maxDurationJitter() == 0) {
      return base;
    }
    long most = (long) Math.ceil(base * timing.maxDurationJitter() / 100);
    return base + ThreadLocalRandom.current().nextLong(Math.max(1, most));
  }

  /// When it will have been idle for too long.
  long idle(long lastActive) {
    return after(lastActive, idleMillis);
  }

  /// When it will have lived as long as it may.
  long maxDuration() {
    return maxDurationAt;
  }

  /// The nearest of those that do not depend on activity.
  long next() {
    return Math.min(maxDurationAt, logAt);
  }

  /// Whether it is time for a line about the living connection; asked once, it is not any more.
  boolean periodicLogDue(long now) {
    if (logAt > now) {
      return false;
    }
    logAt = now + logEvery;
    return true;
  }

  /// How long to wait before another attempt: full jitter below a bound that doubles.
  ///
  /// @param made attempts so far, at least 1
  static long pause(TcpProxyConfig.Attempts attempts, int made) {
    long base = attempts.backoffBase().toMillis();
    if (base == 0) {
      return 0;
    }
    long bound = Math.min(base << Math.min(made - 1, 20), attempts.backoffMax().toMillis());
    return Math.max(1, ThreadLocalRandom.current().nextLong(Math.max(1, bound)));
  }
}
