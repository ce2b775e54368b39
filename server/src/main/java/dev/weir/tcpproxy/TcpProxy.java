package dev.weir.tcpproxy;

import dev.weir.config.TcpProxyConfig;
import dev.weir.connection.Connection;
import dev.weir.connection.NetworkFilter;
import dev.weir.telemetry.AccessLogGroup;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.OnDemandClusters;
import dev.weir.upstream.connect.UpstreamConnector;

/// `envoy.filters.network.tcp_proxy`: ends a filter chain by connecting to an upstream and moving
/// the bytes both ways. One for each filter that is configured; its connections share it.
/// Immutable; any worker.
public final class TcpProxy implements NetworkFilter {
  private final TcpProxyConfig config;
  private final TargetPicker targets;
  private final UpstreamConnector connector;
  private final Clusters clusters;
  private final Introductions introductions;
  private final TcpProxyStats stats;
  private final AccessLogGroup logs;

  /// @param logs what `config.accessLogs()` asks for
  public TcpProxy(TcpProxyConfig config, Clusters clusters, Stats stats, AccessLogGroup logs) {
    this.config = config;
    this.targets = TargetPicker.of(config);
    this.clusters = clusters;
    this.introductions = new Introductions(config.opening().tlvs());
    this.connector = new UpstreamConnector(clusters);
    this.stats = new TcpProxyStats(stats, config.statPrefix());
    this.logs = logs;
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    onMatched(connection);
    var one = new TcpProxyConnection(this, connection);
    connection.terminal(one);
    one.start();
  }

  @Override
  public void onMatched(Connection connection) {
    connection.record().filterLogs(logs);
  }

  TcpProxyConfig config() {
    return config;
  }

  TargetPicker targets() {
    return targets;
  }

  UpstreamConnector connector() {
    return connector;
  }

  Introductions introductions() {
    return introductions;
  }

  OnDemandClusters onDemand() {
    return clusters.onDemand();
  }

  TcpProxyStats stats() {
    return stats;
  }

  @Override
  public void close() {
    stats.close();
  }
}
