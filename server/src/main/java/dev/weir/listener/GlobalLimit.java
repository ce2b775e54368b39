package dev.weir.listener;

import dev.weir.config.ConnectionLimits;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// How many connections the whole server takes in
/// (`envoy.resource_monitors.global_downstream_max_connections`), and what runtime says of single
/// listeners. Any thread.
public final class GlobalLimit {
  private static final String KEY = "envoy.resource_limits.listener.%s.connection_limit";

  private final long max;
  private final Map<String, Long> runtime;
  private final AtomicLong open = new AtomicLong();

  /// Limits as the start configuration has them.
  public GlobalLimit(ConnectionLimits config) {
    this.max = config.global();
    this.runtime = config.runtime();
  }

  /// What runtime says of a listener; the largest number if it says nothing.
  long ofListener(String name) {
    return runtime.getOrDefault(KEY.formatted(name), Long.MAX_VALUE);
  }

  /// Counts a connection in.
  ///
  /// @return false if it is one too many, and does not count
  boolean enter() {
    if (max == Long.MAX_VALUE) {
      return true;
    }
    if (open.incrementAndGet() > max) {
      open.decrementAndGet();
      return false;
    }
    return true;
  }

  /// A connection that was counted in has ended.
  void leave() {
    if (max != Long.MAX_VALUE) {
      open.decrementAndGet();
    }
  }

  /// Whether there is a limit.
  public boolean isLimited() {
    return max != Long.MAX_VALUE;
  }

  /// How much of what may be open is, in percent.
  public long pressure() {
    return isLimited() ? open.get() * 100 / max : 0;
  }
}
