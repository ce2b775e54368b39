package dev.weir.config;

import dev.weir.config.TcpProxyConfig.Attempts;
import dev.weir.config.TcpProxyConfig.HashPolicy;
import dev.weir.config.TcpProxyConfig.Target;
import dev.weir.config.TcpProxyConfig.Timing;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerTcpAccessLogOptions;
import dev.weir.proto.newer.NewerTcpProxy;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.BackoffStrategy;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes [TcpProxyConfig]s.
final class TcpProxyDecoder {
  private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);
  private static final int BACKOFF_FACTOR = 10;

  private TcpProxyDecoder() {}

  static TcpProxyConfig tcpProxy(TcpProxy wire, Field at) throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerTcpProxy.getDefaultInstance());
    warn(wire, at);
    var metadataMatch = MetadataDecoder.match(wire.getMetadataMatch());
    return new TcpProxyConfig(
        wire.getStatPrefix(),
        target(wire, metadataMatch, at),
        timing(wire, newer),
        attempts(wire, at.at("backoff_options")),
        metadataMatch,
        hashPolicy(wire),
        accessLogs(wire, at),
        OpeningDecoder.opening(wire, newer, at),
        wire.hasTunnelingConfig()
            ? TunnelingDecoder.tunneling(wire.getTunnelingConfig(), at.at("tunneling_config"))
            : null);
  }

  private static void warn(TcpProxy wire, Field at) {
    at.withoutEffect(wire.hasDownstreamIdleTimeout(), "downstream_idle_timeout");
    at.withoutEffect(wire.hasUpstreamIdleTimeout(), "upstream_idle_timeout");
  }

  private static Target target(TcpProxy wire, SubsetMatch metadataMatch, Field at)
      throws InvalidResourceException {
    return switch (wire.getClusterSpecifierCase()) {
      case CLUSTER -> new Target.Single(wire.getCluster());
      case WEIGHTED_CLUSTERS -> weighted(wire.getWeightedClusters(), metadataMatch);
      case CLUSTERSPECIFIER_NOT_SET -> throw at.invalid("cluster or weighted_clusters needed");
    };
  }

  private static Target weighted(TcpProxy.WeightedCluster wire, SubsetMatch metadataMatch) {
    var shares =
        wire.getClustersList().stream()
            .map(cluster ->
                new Target.Share(
                    cluster.getName(),
                    Integer.toUnsignedLong(cluster.getWeight()),
                    metadataMatch.mergedWith(MetadataDecoder.match(cluster.getMetadataMatch()))))
            .toList();
    return new Target.Weighted(shares, shares.stream().mapToLong(Target.Share::weight).sum());
  }

  private static Timing timing(TcpProxy wire, NewerTcpProxy newer) {
    return new Timing(
        ScalarDecoder.duration(wire.hasIdleTimeout(), wire.getIdleTimeout(), IDLE_TIMEOUT),
        ScalarDecoder.duration(
            wire.hasMaxDownstreamConnectionDuration(),
            wire.getMaxDownstreamConnectionDuration(),
            Duration.ZERO),
        newer.getMaxDownstreamConnectionDurationJitterPercentage().getValue());
  }

  private static Attempts attempts(TcpProxy wire, Field at) {
    int max = ScalarDecoder.size(wire.hasMaxConnectAttempts(), wire.getMaxConnectAttempts(), 1);
    if (!wire.hasBackoffOptions()) {
      return new Attempts(max, Duration.ZERO, Duration.ZERO);
    }
    BackoffStrategy backoff = wire.getBackoffOptions();
    var base = ScalarDecoder.duration(backoff.getBaseInterval());
    var longest =
        ScalarDecoder.duration(
            backoff.hasMaxInterval(), backoff.getMaxInterval(), base.multipliedBy(BACKOFF_FACTOR));
    at.check(
        longest.compareTo(base) >= 0,
        "max_backoff_interval must be greater or equal to base_backoff_interval");
    return new Attempts(max, base, longest);
  }

  private static @Nullable HashPolicy hashPolicy(TcpProxy wire) {
    if (wire.getHashPolicyCount() == 0) {
      return null;
    }
    var policy = wire.getHashPolicy(0);
    return policy.hasFilterState()
        ? new HashPolicy.FilterState(policy.getFilterState().getKey())
        : new HashPolicy.SourceIp();
  }

  @SuppressWarnings("deprecation") // what access_log_options was before
  private static AccessLogs accessLogs(TcpProxy wire, Field at) {
    var logs = at.each("access_log", wire.getAccessLogList(), AccessLogDecoder::decode);
    if (!wire.hasAccessLogOptions()) {
      return new AccessLogs(
          logs,
          ScalarDecoder.duration(
              wire.hasAccessLogFlushInterval(), wire.getAccessLogFlushInterval(), Duration.ZERO),
          wire.getFlushAccessLogOnConnected(),
          false);
    }
    at.check(
        !wire.getFlushAccessLogOnConnected(),
        "Only one of flush_access_log_on_connected or access_log_options can be specified.");
    at.check(
        !wire.hasAccessLogFlushInterval(),
        "Only one of access_log_flush_interval or access_log_options can be specified.");
    return withOptions(logs, wire.getAccessLogOptions());
  }

  private static AccessLogs withOptions(
      List<AccessLogConfig> logs, TcpProxy.TcpAccessLogOptions wire) {
    var newer = NewerFields.of(wire, NewerTcpAccessLogOptions.getDefaultInstance());
    return new AccessLogs(
        logs,
        ScalarDecoder.duration(
            wire.hasAccessLogFlushInterval(), wire.getAccessLogFlushInterval(), Duration.ZERO),
        wire.getFlushAccessLogOnConnected(),
        newer.getFlushAccessLogOnStart());
  }
}
