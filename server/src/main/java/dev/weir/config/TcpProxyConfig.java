package dev.weir.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A checked `extensions.filters.network.tcp_proxy.v3.TcpProxy`.
///
/// @param statPrefix names the counters `tcp.<statPrefix>.`
/// @param metadataMatch which subset of the cluster to pick from, from `metadata_match`'s
///   `envoy.lb`
/// @param hashPolicy null where the connection has no hash
public record TcpProxyConfig(
    String statPrefix,
    Target target,
    Timing timing,
    Attempts attempts,
    SubsetMatch metadataMatch,
    @Nullable HashPolicy hashPolicy,
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

  /// Where the bytes go: `cluster_specifier`.
  public sealed interface Target {
    /// `cluster`; it may be unknown until a connection asks for it.
    record Single(String cluster) implements Target {}

    /// `weighted_clusters`, drawn anew for each connect attempt.
    ///
    /// @param totalWeight the sum of all weights, which may be above 2^32
    record Weighted(List<Share> shares, long totalWeight) implements Target {}

    /// One cluster with its weight of at least 1, and its `metadata_match` merged over the
    /// filter's.
    record Share(String cluster, long weight, SubsetMatch metadataMatch) {}
  }

  /// How long a connection may last.
  ///
  /// @param idle without a byte either way, from the accept on; zero for ever
  /// @param maxDuration from the accept on, busy or not; zero for ever
  /// @param maxDurationJitter lengthens it by a random share of up to that many percent, 0–100
  public record Timing(Duration idle, Duration maxDuration, double maxDurationJitter) {}

  /// How often to connect.
  ///
  /// @param max attempts in total, at least 1
  /// @param backoffBase mean of the first pause, full jitter; zero tries again at once
  public record Attempts(int max, Duration backoffBase, Duration backoffMax) {}

  /// `hash_policy`.
  public sealed interface HashPolicy {
    /// The client's IP address, without its port.
    record SourceIp() implements HashPolicy {}

    /// A filter state object by its key.
    record FilterState(String key) implements HashPolicy {}
  }
}
