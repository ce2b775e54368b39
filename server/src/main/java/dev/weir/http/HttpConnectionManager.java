package dev.weir.http;

import dev.weir.config.HttpConnectionManagerConfig;
import dev.weir.config.HttpConnectionManagerConfig.Routes;
import dev.weir.config.Workload;
import dev.weir.connection.Connection;
import dev.weir.connection.FilterConfigs;
import dev.weir.connection.NetworkFilter;
import dev.weir.connection.filter.DecisionServices;
import dev.weir.http.route.RouteTable;
import dev.weir.telemetry.AccessLogGroup;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.Clusters;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;

/// `envoy.filters.network.http_connection_manager`: ends a filter chain by speaking HTTP. One for
/// each filter that is configured; its connections share it. Immutable; any worker.
public final class HttpConnectionManager implements NetworkFilter {
  private final HttpConnectionManagerConfig config;
  private final HttpStats stats;
  private final AccessLogGroup logs;
  private final RouteSource routes;
  private final FilterChains filters;
  private final RequestEntry entry;
  private final ResponseRules responses;
  private final LocalReplies replies;

  /// What a connection manager works with.
  ///
  /// @param filterConfigs where those filters get their configuration that do not have it with them
  /// @param listener the listener's name in statistics, such as `127.0.0.1_80`
  /// @param self by which this machine tells of itself
  /// @param local who this gateway is, for Istio's metrics
  /// @param services that decide about requests
  public record Dependencies(
      Clusters clusters,
      Stats stats,
      RouteSources routes,
      FilterConfigs filterConfigs,
      String listener,
      InetAddress self,
      Workload local,
      DecisionServices services) {}

  /// @param logs what `config.accessLogs()` asks for
  /// @throws IOException if the configuration of a filter cannot be asked for
  public HttpConnectionManager(
      HttpConnectionManagerConfig config, Dependencies with, AccessLogGroup logs)
      throws IOException {
    this.config = config;
    this.stats = new HttpStats(with.stats(), config.statPrefix(), with.listener());
    this.logs = logs;
    this.routes =
        switch (config.routes()) {
          case Routes.Inline(var table) -> RouteSource.of(new RouteTable(table));
          case Routes.Rds rds -> with.routes().open(rds, config.statPrefix());
        };
    try {
      this.filters = new FilterChains(config, with, stats);
    } catch (IOException e) {
      routes.close();
      stats.close();
      throw e;
    }
    this.entry = new RequestEntry(config.requests(), with.self());
    this.responses = new ResponseRules(config.requests().server());
    this.replies = new LocalReplies(config.localReplies());
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    var one = new HttpConnection(this, connection);
    connection.terminal(one);
    one.start();
  }

  @Override
  public CompletableFuture<Void> warm() {
    return CompletableFuture.allOf(routes.warm(), filters.warm());
  }

  HttpConnectionManagerConfig config() {
    return config;
  }

  HttpStats stats() {
    return stats;
  }

  AccessLogGroup logs() {
    return logs;
  }

  RouteTable table() {
    return routes.table();
  }

  FilterChains filters() {
    return filters;
  }

  RequestEntry entry() {
    return entry;
  }

  ResponseRules responses() {
    return responses;
  }

  LocalReplies replies() {
    return replies;
  }

  @Override
  public void close() {
    routes.close();
    filters.close();
    stats.close();
  }
}
