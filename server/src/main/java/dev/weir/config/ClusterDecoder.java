package dev.weir.config;

import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerCluster;
import dev.weir.proto.settings.ClusterSettings;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.time.Duration;

/// Makes [ClusterConfig]s. Any thread may call.
public final class ClusterDecoder {
  private ClusterDecoder() {}

  /// Checks the message and makes config of it.
  ///
  /// @param path what the paths of problems begin with; empty for a resource that was pushed
  /// @throws InvalidResourceException with all problems that were found
  public static Checked<ClusterConfig> decode(Cluster wire, String path)
      throws InvalidResourceException {
    return ResourceDecoder.decode(wire, path, ClusterDecoder::cluster);
  }

  private static ClusterConfig cluster(Cluster wire, Field at) throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerCluster.getDefaultInstance());
    refuse(newer, at);
    warn(wire, newer, at);
    UpstreamFilterDecoder.check(wire, at);
    var settings = ClusterSettingsDecoder.settings(wire, at);
    var discovery = DiscoveryDecoder.discovery(wire, at);
    var lb = LbDecoder.lb(wire, at);
    boolean provided = lb.policy() instanceof LbConfig.Policy.ClusterProvided;
    LbDecoder.checkProvided(discovery.bringsBalancer(), provided, wire.getName(), at);
    return new ClusterConfig(
        wire.getName(),
        wire.getAltStatName().isEmpty() ? wire.getName() : wire.getAltStatName(),
        discovery,
        lb,
        HealthDecoder.health(wire, settings, at),
        UpstreamDecoder.upstream(wire, at),
        HttpOptionsDecoder.options(wire, at).withTunnelTimeout(tunnelTimeout(settings)),
        MetadataDecoder.metadata(wire.getMetadata()));
  }

  private static Duration tunnelTimeout(ClusterSettings settings) {
    return ScalarDecoder.duration(
        settings.hasTunnelTimeout(), settings.getTunnelTimeout(), Duration.ZERO);
  }

  /// Fields that decide where a connection goes, and that we cannot honour.
  private static void refuse(NewerCluster newer, Field at) {
    at.unsupported(newer.hasTransportSocketMatcher(), "transport_socket_matcher");
    at.unsupported(newer.hasQueuingPolicies(), "queuing_policies");
  }

  /// Fields that tune what we do in another way, or not at all.
  @SuppressWarnings("deprecation") // they are only told of
  private static void warn(Cluster wire, NewerCluster newer, Field at) {
    at.withoutEffect(wire.hasLrsServer(), "lrs_server");
    at.withoutEffect(wire.getLrsReportEndpointMetricsCount() > 0, "lrs_report_endpoint_metrics");
    at.withoutEffect(wire.getTrackTimeoutBudgets(), "track_timeout_budgets");
    at.withoutEffect(
        wire.getConnectionPoolPerDownstreamConnection(),
        "connection_pool_per_downstream_connection");
    at.withoutEffect(wire.hasUpstreamConfig(), "upstream_config");
    at.withoutEffect(wire.hasTrackClusterStats(), "track_cluster_stats");
    at.withoutEffect(newer.hasStatsMatcher(), "stats_matcher");
  }
}
