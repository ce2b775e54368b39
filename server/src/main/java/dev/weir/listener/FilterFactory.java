package dev.weir.listener;

import dev.weir.config.FilterChainConfig;
import dev.weir.config.HttpConnectionManagerConfig;
import dev.weir.config.ListenerFilterConfig;
import dev.weir.config.NetworkFilterConfig;
import dev.weir.config.TcpProxyConfig;
import dev.weir.config.TransportSocketConfig;
import dev.weir.connection.EchoFilter;
import dev.weir.connection.FilterChain;
import dev.weir.connection.NetworkFilter;
import dev.weir.http.HttpConnectionManager;
import dev.weir.http.RouteSources;
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
  private final RouteSources routes;

  /// @param clusters where filters find the clusters that they are configured with
  public FilterFactory(SerialLoop main, Clusters clusters, Stats stats, AccessLogSinks logs) {
    this(main, clusters, stats, logs, RouteSources.NONE);
  }

  /// @param routes where routes that a control plane pushes are to be had
  public FilterFactory(
      SerialLoop main, Clusters clusters, Stats stats, AccessLogSinks logs, RouteSources routes) {
    this.main = main;
    this.clusters = clusters;
    this.stats = stats;
    this.logs = logs;
    this.routes = routes;
  }

  /// A live chain, with all its filters.
  ///
  /// @param listener the statistics' prefix of its listener
  /// @throws IOException if an access log cannot be opened
  FilterChain create(FilterChainConfig config, String listener) throws IOException {
    var filters = new ArrayList<NetworkFilter>(config.filters().size());
    for (var filter : config.filters()) {
      filters.add(create(filter, listener));
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

  private NetworkFilter create(NetworkFilterConfig config, String listener) throws IOException {
    return switch (config) {
      case TcpProxyConfig tcpProxy ->
          new TcpProxy(tcpProxy, clusters, stats, logs.open(tcpProxy.accessLogs().logs()));
      case HttpConnectionManagerConfig manager ->
          new HttpConnectionManager(
              manager,
              new HttpConnectionManager.Dependencies(clusters, stats, routes, listener),
              logs.open(manager.accessLogs().logs()));
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
