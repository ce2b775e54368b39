package dev.weir.config.http;

import dev.weir.config.Metadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A checked `config.route.v3.VirtualHost`.
///
/// @param domains in lower case: exact, `*.suffix`, `prefix.*`, or `*`
/// @param retry for routes that have none themselves; null for none
public record VirtualHostConfig(
    String name,
    List<String> domains,
    List<RouteConfig> routes,
    RequireTls requireTls,
    List<VirtualCluster> clusters,
    HeaderRules headers,
    FilterOverrides overrides,
    @Nullable RetryConfig retry,
    AttemptCount attemptCount,
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
  public record AttemptCount(boolean inRequest, boolean inResponse) {}
}
