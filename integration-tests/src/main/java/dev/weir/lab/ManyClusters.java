package dev.weir.lab;

import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.List;

/// A configuration as large as those of meshes: clusters by the thousand, with endpoints.
final class ManyClusters {
  private static final int HOSTS = 4;
  private static final int PORT = 1;

  private ManyClusters() {}

  /// All of them.
  ///
  /// @param age in what they differ from those of another age
  static List<Message> of(int count, int age) {
    var all = new ArrayList<Message>();
    for (int i = 0; i < count; i++) {
      all.add(cluster("trained-" + i, age));
      all.add(assignment("trained-" + i, age));
    }
    return all;
  }

  private static Cluster cluster(String name, int age) {
    var ads =
        ConfigSource.newBuilder()
            .setResourceApiVersion(ApiVersion.V3)
            .setAds(AggregatedConfigSource.getDefaultInstance());
    return Cluster.newBuilder()
        .setName(name)
        .setType(DiscoveryType.EDS)
        .setConnectTimeout(Durations.fromSeconds(1L + age))
        .setEdsClusterConfig(EdsClusterConfig.newBuilder().setEdsConfig(ads))
        .build();
  }

  private static ClusterLoadAssignment assignment(String name, int age) {
    var hosts = LocalityLbEndpoints.newBuilder();
    for (int i = 1; i <= HOSTS; i++) {
      var address =
          SocketAddress.newBuilder().setAddress("127.0." + age + "." + i).setPortValue(PORT);
      hosts.addLbEndpoints(
          LbEndpoint.newBuilder()
              .setEndpoint(
                  Endpoint.newBuilder()
                      .setAddress(Address.newBuilder().setSocketAddress(address))));
    }
    return ClusterLoadAssignment.newBuilder().setClusterName(name).addEndpoints(hosts).build();
  }
}
