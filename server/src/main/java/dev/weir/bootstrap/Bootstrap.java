package dev.weir.bootstrap;

import com.google.protobuf.Any;
import dev.weir.config.AccessLogConfig;
import dev.weir.config.Address;
import dev.weir.config.Checked;
import dev.weir.config.ClusterConfig;
import dev.weir.config.ConnectionLimits;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.ListenerConfig;
import dev.weir.config.MetadataValue;
import dev.weir.config.Resources;
import dev.weir.config.SecretConfig;
import dev.weir.config.SocketConfig;
import dev.weir.config.StatsConfig;
import dev.weir.config.TextMatch;
import dev.weir.config.Workload;
import dev.weir.xds.Accepted;
import dev.weir.xds.ClientConfig;
import dev.weir.xds.ControlPlane;
import dev.weir.xds.Wanted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The start configuration (`envoy.config.bootstrap.v3.Bootstrap`), checked.
///
/// @param xds who we are, and the aggregated control plane
/// @param controlPlanes how each static cluster is reached by the xDS client, by name
/// @param resources decoders for what is pushed, with the defaults that are configured here
/// @param wire the message itself, flags laid over it, for `/config_dump`
/// @param notes what to say once at start
public record Bootstrap(
    ClientConfig xds,
    Map<String, ControlPlane> controlPlanes,
    Resources resources,
    Statics statics,
    Dynamics dynamics,
    ProcessConfig process,
    Any wire,
    Notes notes) {

  /// Copies the collections.
  public Bootstrap {
    controlPlanes = Map.copyOf(controlPlanes);
  }

  /// What there is to say of it, beside its static resources; each as `path: text`.
  ///
  /// @param strange settings without effect, and spellings that Envoy refuses
  /// @param deprecated fields that are used and should not be
  /// @param unknown fields that do not exist
  public record Notes(List<String> strange, List<String> deprecated, List<String> unknown) {
    /// Copies the lists.
    public Notes {
      strange = List.copyOf(strange);
      deprecated = List.copyOf(deprecated);
      unknown = List.copyOf(unknown);
    }
  }

  /// The whole as a resource, so that those who show it need not know of messages.
  public Accepted<Bootstrap> accepted() {
    return new Accepted<>("", "", this, wire);
  }

  /// How a static cluster is reached by the xDS client; null where there is none of that name.
  public @Nullable ControlPlane controlPlane(String cluster) {
    return controlPlanes.get(cluster);
  }

  /// `static_resources`, with the messages that they were made of.
  public record Statics(
      List<Accepted<Checked<ClusterConfig>>> clusters,
      List<Accepted<Checked<ListenerConfig>>> listeners,
      List<Accepted<Checked<SecretConfig>>> secrets) {
    /// Copies the lists.
    public Statics {
      clusters = List.copyOf(clusters);
      listeners = List.copyOf(listeners);
      secrets = List.copyOf(secrets);
    }
  }

  /// `dynamic_resources`: where further clusters and listeners come from; null for nowhere.
  public record Dynamics(@Nullable Wanted cds, @Nullable Wanted lds) {}

  /// What concerns the process as a whole.
  ///
  /// @param stats which statistics are kept, and how they are shown
  /// @param statsFlushInterval how often counters are read for those who keep a history
  /// @param logFormat `application_log_config`'s text format; null where it has none
  /// @param limits how many connections the listeners take in
  public record ProcessConfig(
      AdminConfig admin,
      StatsConfig stats,
      Duration statsFlushInterval,
      @Nullable String logFormat,
      ClusterManagerConfig clusterManager,
      NodeConfig node,
      ConnectionLimits limits) {}

  /// What is said of this gateway.
  ///
  /// @param workload who it says that it is, for Istio's metrics
  /// @param metadata that control planes and services may look at
  public record NodeConfig(
      Locality locality, Workload workload, Map<String, MetadataValue> metadata) {}

  /// `cluster_manager`.
  ///
  /// @param localCluster `local_cluster_name`, empty for none
  /// @param outlierLog `outlier_detection.event_log_path`, empty for none
  public record ClusterManagerConfig(String localCluster, String outlierLog) {}

  /// The admin interface.
  ///
  /// @param address null for none
  /// @param allowedPaths which are served, query included; all where empty
  public record AdminConfig(
      @Nullable Address address,
      SocketConfig socket,
      List<AccessLogConfig> accessLogs,
      List<TextMatch> allowedPaths) {
    /// No admin interface.
    public static final AdminConfig NONE =
        new AdminConfig(null, SocketConfig.DEFAULT, List.of(), List.of());
  }
}
