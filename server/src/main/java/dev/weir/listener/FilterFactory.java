package dev.weir.listener;

import dev.weir.config.FilterChainConfig;
import dev.weir.connection.FilterChain;
import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.Stats;
import dev.weir.xds.SerialLoop;
import java.io.IOException;
import java.util.List;

/// Builds live filters. Main loop only.
public final class FilterFactory {
  private final SerialLoop main;

  /// The clusters to proxy to join these as soon as the upstream package is there.
  public FilterFactory(SerialLoop main, Stats stats, AccessLogSinks logs) {
    this.main = main;
  }

  /// A live chain, with all its filters.
  ///
  /// @throws IOException if an access log cannot be opened
  FilterChain create(FilterChainConfig config) throws IOException {
    return new FilterChain(config, List.of(), main);
  }
}
