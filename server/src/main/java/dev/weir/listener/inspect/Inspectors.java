package dev.weir.listener.inspect;

import dev.weir.config.ListenerFilterConfig;
import dev.weir.config.ProxyProtocolConfig;
import dev.weir.telemetry.Stats;
import java.util.ArrayList;
import java.util.List;

/// Builds live listener filters. Main loop only.
public final class Inspectors {
  private final Stats stats;

  /// @param stats where they count
  public Inspectors(Stats stats) {
    this.stats = stats;
  }

  /// The live filters, in order.
  public List<Inspector> create(List<ListenerFilterConfig> configs) {
    var inspectors = new ArrayList<Inspector>(configs.size());
    configs.forEach(config -> inspectors.add(create(config)));
    return List.copyOf(inspectors);
  }

  private Inspector create(ListenerFilterConfig config) {
    return switch (config) {
      case ListenerFilterConfig.TlsInspector tls -> new TlsInspector(tls, stats);
      case ListenerFilterConfig.HttpInspector _ -> new HttpInspector(stats);
      case ListenerFilterConfig.OriginalDst _ -> new OriginalDst();
      case ListenerFilterConfig.LocalRateLimit(var limit) -> new LocalRateLimit(limit, stats);
      case ListenerFilterConfig.SetFilterState(var state) -> new SetFilterState(state);
      case ListenerFilterConfig.Unless(var filter, var disabled) ->
          new Unless(create(filter), disabled);
      case ProxyProtocolConfig proxyProtocol -> new ProxyProtocol(proxyProtocol, stats);
    };
  }
}
