package dev.weir.tcpproxy;

import dev.weir.config.TcpProxyConfig;
import dev.weir.config.TunnelingConfig;
import dev.weir.connection.Connection;
import dev.weir.connection.NetworkFilter;
import dev.weir.telemetry.AccessLogGroup;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.OnDemandClusters;
import dev.weir.upstream.connect.UpstreamConnector;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable Tunneling tunneling;

  /// How tunnels are opened.
  record Tunneling(TunnelingConfig config, TunnelRequest request) {
    static @Nullable Tunneling of(@Nullable TunnelingConfig config) {
      return config == null ? null : new Tunneling(config, new TunnelRequest(config));
    }
  }

  /// @param logs what `config.accessLogs()` asks for
  public TcpProxy(TcpProxyConfig config, Clusters clusters, Stats stats, AccessLogGroup logs) {
    this.config = config;
    this.targets = TargetPicker.of(config);
    this.clusters = clusters;
    this.introductions = new Introductions(config.opening().tlvs());
    this.connector = new UpstreamConnector(clusters);
    this.stats = new TcpProxyStats(stats, config.statPrefix());
    if (config.opening().onDemand() != null) {
      this.stats.onDemand.show();
    }
    this.logs = logs;
    this.tunneling = Tunneling.of(config.tunneling());
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

  /// How tunnels are opened; null where bytes go to hosts as they are.
  @Nullable Tunneling tunneling() {
    return tunneling;
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
