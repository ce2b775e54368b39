package dev.weir.config;

import dev.weir.config.http.Http1Config;
import dev.weir.config.http.Http2Config;
import dev.weir.config.http.HttpFilterConfig;
import dev.weir.config.http.HttpTiming;
import dev.weir.config.http.LocalReplyConfig;
import dev.weir.config.http.RequestRules;
import dev.weir.config.http.RouteTableConfig;
import dev.weir.xds.ConfigSource;
import java.util.List;
import java.util.Map;

/// A checked `extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`.
///
/// @param statPrefix names the counters `http.<statPrefix>.`
/// @param filters in order, the router last
/// @param upgrades by type in lower case
public record HttpConnectionManagerConfig(
    String statPrefix,
    Codec codec,
    Routes routes,
    List<HttpFilterConfig.Named> filters,
    Map<String, Upgrade> upgrades,
    Protocols protocols,
    HttpTiming timing,
    RequestRules requests,
    LocalReplyConfig localReplies,
    AccessLogs accessLogs)
    implements NetworkFilterConfig {

  @Override
  public boolean decidesAdmission() {
    return false;
  }

  @Override
  public boolean terminal() {
    return true;
  }

  /// Which protocol a connection speaks.
  public enum Codec {
    /// What ALPN or the first bytes say.
    AUTO,
    HTTP1,
    HTTP2
  }

  /// Options of the protocols, and limits.
  public record Protocols(Http1Config http1, Http2Config http2, Limits limits) {}

  /// How much a request, or a connection, may be.
  ///
  /// @param headerBytes of one request's headers
  /// @param headerCount of one request
  /// @param requestsPerConnection 0 for no limit
  public record Limits(int headerBytes, int headerCount, int requestsPerConnection) {}

  /// Where the routes come from.
  public sealed interface Routes {
    /// They are here.
    record Inline(RouteTableConfig table) implements Routes {}

    /// A control plane has them, under this name.
    record Rds(ConfigSource source, String name) implements Routes {}
  }

  /// An upgrade that may be asked for.
  ///
  /// @param enabled unless a route says otherwise
  /// @param filters that run for it; empty for the usual ones
  public record Upgrade(boolean enabled, List<HttpFilterConfig.Named> filters) {}
}
