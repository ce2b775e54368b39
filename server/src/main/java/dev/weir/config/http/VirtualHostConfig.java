package dev.weir.config.http;

import dev.weir.config.Metadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A checked `config.route.v3.VirtualHost`.
///
/// @param tree leads to the routes instead of the list; null for none
/// @param domains in lower case: exact, `*.suffix`, `prefix.*`, or `*`
public record VirtualHostConfig(
    String name,
    List<String> domains,
    List<RouteConfig> routes,
    @Nullable RouteTree tree,
    RequireTls requireTls,
    List<VirtualCluster> clusters,
    HeaderRules headers,
    FilterOverrides overrides,
    AttemptCount attemptCount,
    ForwardingDefaults forwarding,
    Metadata metadata) {

  /// Who is sent to HTTPS.
  public enum RequireTls {
    NONE,
    EXTERNAL_ONLY,
    ALL
  }

  /// Requests that are counted together, below `vhost.<name>.vcluster.<name>.`.
  public record VirtualCluster(String name, List<HeaderMatch> headers) {}

  /// Where `x-envoy-attempt-count` is set.
  ///
  /// @param afterTimeout whether a request that is sent once more after a timeout says so
  public record AttemptCount(boolean inRequest, boolean inResponse, boolean afterTimeout) {}

  /// What goes for routes that do not say it themselves.
  ///
  /// @param retry null for none
  /// @param mirrors empty to do as the route configuration says
  /// @param limits how descriptors are made for rate limits
  /// @param bufferLimit how many bytes of a body are kept for another attempt; null to take the
  ///   connection's limit
  public record ForwardingDefaults(
      @Nullable RetryConfig retry,
      List<MirrorPolicy> mirrors,
      boolean hedges,
      List<RateLimitRule> limits,
      @Nullable Long bufferLimit) {}
}
