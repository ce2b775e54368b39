package dev.weir.http.filter.compressor;

import dev.weir.config.http.CompressorConfig;
import dev.weir.config.http.HttpFilterConfig.CompressorOverride;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.filter.HttpFilter;
import dev.weir.http.filter.HttpFilterFactory;
import dev.weir.telemetry.StatScope;

/// `envoy.filters.http.compressor`: compresses responses for clients that accept it, and requests.
/// Immutable; any worker.
public final class CompressorFilter implements HttpFilterFactory {
  private static final CompressorOverride NOTHING =
      new CompressorOverride(false, false, null, null);

  private final String name;
  private final CompressorConfig config;
  private final CompressorStats stats;

  /// Makes one, and its counters.
  ///
  /// @param scope the connection manager's
  public CompressorFilter(String name, CompressorConfig config, StatScope scope) {
    this.name = name;
    this.config = config;
    this.stats = CompressorStats.of(config, scope);
  }

  @Override
  public HttpFilter create(FilterStream stream) {
    var told = stream.override(name) instanceof CompressorOverride route ? route : NOTHING;
    return new RequestCompressor(config, told, stats, stream);
  }
}
