package dev.weir.listener;

import dev.weir.config.FilterChainConfig;
import dev.weir.config.HttpConnectionManagerConfig;
import dev.weir.config.ListenerFilterConfig;
import dev.weir.config.NetworkFilterConfig;
import dev.weir.config.TcpProxyConfig;
import dev.weir.connection.EchoFilter;
import dev.weir.connection.FilterChain;
import dev.weir.connection.NetworkFilter;
import dev.weir.http.HttpConnectionManager;
import dev.weir.http.RouteSources;
import dev.weir.tcpproxy.TcpProxy;
import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.transport.tls.TransportFactory;
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
  private final TransportFactory transports;

  /// @param clusters where filters find the clusters that they are configured with
  /// @param transports makes the chains' transports
  public FilterFactory(
      SerialLoop main,
      Clusters clusters,
      Stats stats,
      AccessLogSinks logs,
      TransportFactory transports) {
    this(main, clusters, stats, logs, transports, RouteSources.NONE);
  }

  /// @param routes where routes that a control plane pushes are to be had
  public FilterFactory(
      SerialLoop main,
      Clusters clusters,
      Stats stats,
      AccessLogSinks logs,
      TransportFactory transports,
      RouteSources routes) {
    this.main = main;
    this.transports = transports;
    this.clusters = clusters;
    this.stats = stats;
    this.logs = logs;
    this.routes = routes;
  }

  /// A live chain, with all its filters.
  ///
  /// @param scope where the listener counts
  /// @param listener the statistics' prefix of its listener
  /// @throws IOException if an access log cannot be opened, or a secret cannot be asked for
  FilterChain create(FilterChainConfig config, StatScope scope, String listener)
      throws IOException {
    var filters = new ArrayList<NetworkFilter>(config.filters().size());
    for (var filter : config.filters()) {
      filters.add(create(filter, listener));
    }
    return new FilterChain(
        config, transports.downstream(config.transportSocket(), scope), filters, main);
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
