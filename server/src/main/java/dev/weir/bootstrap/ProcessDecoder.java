package dev.weir.bootstrap;

import com.google.protobuf.Any;
import dev.weir.bootstrap.Bootstrap.AdminConfig;
import dev.weir.bootstrap.Bootstrap.ClusterManagerConfig;
import dev.weir.bootstrap.Bootstrap.NodeConfig;
import dev.weir.bootstrap.Bootstrap.ProcessConfig;
import dev.weir.config.AccessLogConfig;
import dev.weir.config.AccessLogDecoder;
import dev.weir.config.Address;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.Field;
import dev.weir.config.MetadataDecoder;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.SocketConfig;
import dev.weir.config.SocketDecoder;
import dev.weir.config.StatsConfig;
import dev.weir.config.StatsConfigDecoder;
import dev.weir.config.TextMatchDecoder;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerAdmin;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.ApplicationLogConfig.LogFormat;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what concerns the process as a whole.
final class ProcessDecoder {
  private static final Duration STATS_FLUSH = Duration.ofSeconds(5);

  private ProcessDecoder() {}

  static ProcessConfig process(Bootstrap wire, Field at) {
    return new ProcessConfig(
        wire.hasAdmin() ? admin(wire.getAdmin(), at.at("admin")) : AdminConfig.NONE,
        stats(wire, at.at("stats_config")),
        ScalarDecoder.duration(
            wire.hasStatsFlushInterval(), wire.getStatsFlushInterval(), STATS_FLUSH),
        logFormat(wire.getApplicationLogConfig().getLogFormat(), at),
        new ClusterManagerConfig(
            localCluster(wire, at),
            wire.getClusterManager().getOutlierDetection().getEventLogPath()),
        new NodeConfig(
            locality(wire.getNode().getLocality()),
            WorkloadDecoder.workload(wire.getNode()),
            MetadataDecoder.fields(wire.getNode().getMetadata())),
        LimitsDecoder.limits(wire, at));
  }

  private static StatsConfig stats(Bootstrap wire, Field at) {
    try {
      return StatsConfigDecoder.decode(wire.getStatsConfig(), at);
    } catch (InvalidResourceException e) {
      at.note(e.violations());
      return StatsConfig.DEFAULT;
    }
  }

  private static Locality locality(io.envoyproxy.envoy.config.core.v3.Locality wire) {
    return new Locality(wire.getRegion(), wire.getZone(), wire.getSubZone());
  }

  private static String localCluster(Bootstrap wire, Field at) {
    var name = wire.getClusterManager().getLocalClusterName();
    at.at("cluster_manager")
        .at("local_cluster_name")
        .check(
            name.isEmpty()
                || wire.getStaticResources().getClustersList().stream()
                    .map(Cluster::getName)
                    .anyMatch(name::equals),
            "local cluster '" + name + "' must be defined");
    return name;
  }

  private static @Nullable String logFormat(LogFormat wire, Field at) {
    at.at("application_log_config")
        .at("log_format")
        .withoutEffect(wire.hasJsonFormat(), "json_format");
    return wire.hasTextFormat() ? wire.getTextFormat() : null;
  }

  private static AdminConfig admin(Admin wire, Field at) {
    var newer = NewerFields.of(wire, NewerAdmin.getDefaultInstance());
    at.withoutEffect(!wire.getProfilePath().isEmpty(), "profile_path");
    Address address = null;
    try {
      if (wire.hasAddress()) {
        address = SocketDecoder.resolved(wire.getAddress(), "", at.at("address"));
      }
    } catch (InvalidResourceException e) {
      at.note(e.violations());
    }
    var options =
        address == null
            ? SocketConfig.DEFAULT
            : new SocketConfig(null, SocketDecoder.options(wire.getSocketOptionsList(), address));
    var allowed = at.each("allow_paths", newer.getAllowPathsList(), TextMatchDecoder::decode);
    return new AdminConfig(address, options, accessLogs(wire, at), allowed);
  }

  @SuppressWarnings("deprecation") // access_log_path is what access_log was before
  private static List<AccessLogConfig> accessLogs(Admin wire, Field at) {
    var logs = new ArrayList<AccessLog>(wire.getAccessLogList());
    if (!wire.getAccessLogPath().isEmpty()) {
      logs.add(
          AccessLog.newBuilder()
              .setName("envoy.access_loggers.file")
              .setTypedConfig(
                  Any.pack(FileAccessLog.newBuilder().setPath(wire.getAccessLogPath()).build()))
              .build());
    }
    return at.each("access_log", logs, AccessLogDecoder::decode);
  }
}
