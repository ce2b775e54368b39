package dev.weir.listener;

import dev.weir.config.FilterChainConfig;
import dev.weir.config.ListenerFilterConfig;
import dev.weir.config.NetworkFilterConfig;
import dev.weir.config.TcpProxyConfig;
import dev.weir.config.TransportSocketConfig;
import dev.weir.connection.EchoFilter;
import dev.weir.connection.FilterChain;
import dev.weir.connection.NetworkFilter;
import dev.weir.tcpproxy.TcpProxy;
import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.Stats;
import dev.weir.transport.DownstreamTransport;
import dev.weir.upstream.Clusters;
import dev.weir.xds.SerialLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Builds live filters. Main loop only.
public final class FilterFactory {
  private final SerialLoop main;
  private final Clusters clusters;
  private final Stats stats;
  private final AccessLogSinks logs;

  /// @param clusters where filters find the clusters that they are configured with
  public FilterFactory(SerialLoop main, Clusters clusters, Stats stats, AccessLogSinks logs) {
    this.main = main;
    this.clusters = clusters;
    this.stats = stats;
    this.logs = logs;
  }

  /// A live chain, with all its filters.
  ///
  /// @throws IOException if an access log cannot be opened
  FilterChain create(FilterChainConfig config) throws IOException {
    var filters = new ArrayList<NetworkFilter>(config.filters().size());
    for (var filter : config.filters()) {
      filters.add(create(filter));
    }
    return new FilterChain(config, transport(config.transportSocket()), filters, main);
  }

  private static DownstreamTransport transport(TransportSocketConfig config) {
    return switch (config) {
      case TransportSocketConfig.RawBuffer _ -> DownstreamTransport.PLAINTEXT;
      case TransportSocketConfig.ProxyProtocol _ ->
          throw new IllegalStateException("only hosts are sent PROXY headers");
    };
  }

  private NetworkFilter create(NetworkFilterConfig config) throws IOException {
    return switch (config) {
      case TcpProxyConfig tcpProxy ->
          new TcpProxy(tcpProxy, clusters, stats, logs.open(tcpProxy.accessLogs().logs()));
      case NetworkFilterConfig.Echo _ -> new EchoFilter();
    };
  }

  /// The live listener filters, in order.
  List<Inspector> inspectors(List<ListenerFilterConfig> configs) {
    var inspectors = new ArrayList<Inspector>(configs.size());
    for (var config : configs) {
      inspectors.add(
          switch (config) {
            case ListenerFilterConfig.TlsInspector tls -> new TlsInspector(tls, stats);
          });
    }
    return List.copyOf(inspectors);
  }
}
