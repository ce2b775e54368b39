package dev.weir.listener;

import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.Stats;
import dev.weir.telemetry.TimeSource;
import dev.weir.transport.EventLoops;
import dev.weir.xds.SerialLoop;
import java.time.Duration;

/// What all listeners of a server share.
///
/// @param drainTime over which connections are closed whose filter chain is gone (`--drain-time-s`)
/// @param drainStrategy how they are spread over it
public record ListenerServices(
    SerialLoop main,
    EventLoops loops,
    FilterFactory filters,
    Telemetry telemetry,
    Duration drainTime,
    DrainStrategy drainStrategy) {

  /// Where listeners count and log.
  public record Telemetry(Stats stats, AccessLogSinks logs, TimeSource time) {}
}
