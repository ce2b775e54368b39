package dev.weir.listener.inspect;

import dev.weir.config.ListenerFilterConfig;
import dev.weir.config.ProxyProtocolConfig;
import dev.weir.connection.FilterConfigs;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Builds live listener filters. Main loop only.
public final class Inspectors {
  private final Stats stats;
  private final FilterConfigs configs;

  /// @param stats where they count
  /// @param configs where those get their configuration that do not have it with them
  public Inspectors(Stats stats, FilterConfigs configs) {
    this.stats = stats;
    this.configs = configs;
  }

  /// The live filters, in order.
  ///
  /// @param scope where their listener counts
  /// @throws IOException if the configuration of one cannot be asked for
  public List<Inspector> create(List<ListenerFilterConfig> filters, StatScope scope)
      throws IOException {
    var inspectors = new ArrayList<Inspector>(filters.size());
    for (var filter : filters) {
      inspectors.add(create(filter, scope));
    }
    return List.copyOf(inspectors);
  }

  private Inspector create(ListenerFilterConfig config, StatScope scope) throws IOException {
    return switch (config) {
      case ListenerFilterConfig.TlsInspector tls -> new TlsInspector(tls, stats);
      case ListenerFilterConfig.HttpInspector _ -> new HttpInspector(stats);
      case ListenerFilterConfig.OriginalDst _ -> new OriginalDst();
      case ListenerFilterConfig.LocalRateLimit(var limit) -> new LocalRateLimit(limit, stats);
      case ListenerFilterConfig.SetFilterState(var state) -> new SetFilterState(state);
      case ListenerFilterConfig.Unless(var filter, var disabled) ->
          new Unless(create(filter, scope), disabled);
      case ListenerFilterConfig.Discovered discovered ->
          new DiscoveredInspector(
              discovered,
              configs,
              pushed -> create(pushed, scope),
              scope.counter("extension_config_missing"));
      case ProxyProtocolConfig proxyProtocol -> new ProxyProtocol(proxyProtocol, stats);
    };
  }
}
