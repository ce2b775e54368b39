package dev.weir.listener;

import dev.weir.config.ConnectionLimits;
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
    DrainStrategy drainStrategy,
    Surroundings surroundings) {

  /// Services of a server without limits.
  public ListenerServices(
      SerialLoop main,
      EventLoops loops,
      FilterFactory filters,
      Telemetry telemetry,
      Duration drainTime,
      DrainStrategy drainStrategy) {
    this(
        main,
        loops,
        filters,
        telemetry,
        drainTime,
        drainStrategy,
        new Surroundings(
            new GlobalLimit(ConnectionLimits.NONE),
            new ListenerDirectory(),
            new DrainSignal(drainTime, drainStrategy)));
  }

  /// What a listener knows of the others.
  ///
  /// @param limit on the connections of all of them together
  /// @param directory where connections are handed over to others
  /// @param drain whether connections are asked to end
  public record Surroundings(GlobalLimit limit, ListenerDirectory directory, DrainSignal drain) {}

  /// Where listeners count and log.
  public record Telemetry(Stats stats, AccessLogSinks logs, TimeSource time) {}
}
