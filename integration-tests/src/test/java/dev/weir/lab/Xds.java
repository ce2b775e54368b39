package dev.weir.lab;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;

/// Resources for control planes: listeners at any port in front of EDS clusters on the loopback
/// interface.
final class Xds {

  private Xds() {}

  /// A listener that hands every connection to the cluster.
  static Listener listener(String name, String cluster) {
    return listener(name, TcpProxy.newBuilder().setStatPrefix(name).setCluster(cluster).build());
  }

  static Listener listener(String name, TcpProxy tcpProxy) {
    var filter =
        Filter.newBuilder()
            .setName("envoy.filters.network.tcp_proxy")
            .setTypedConfig(Any.pack(tcpProxy));
    return Listener.newBuilder()
        .setName(name)
        .setAddress(loopback(0))
        .addFilterChains(FilterChain.newBuilder().addFilters(filter))
        .build();
  }

  /// A cluster that asks the ADS stream for the endpoints of this name.
  static Cluster cluster(String name, String endpoints) {
    var ads =
        ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .setResourceApiVersion(ApiVersion.V3);
    return Cluster.newBuilder()
        .setName(name)
        .setType(Cluster.DiscoveryType.EDS)
        .setConnectTimeout(Duration.newBuilder().setSeconds(5))
        .setEdsClusterConfig(
            Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ads).setServiceName(endpoints))
        .build();
  }

  static ClusterLoadAssignment endpoints(String name, int... ports) {
    var assignment = ClusterLoadAssignment.newBuilder().setClusterName(name);
    var locality = assignment.addEndpointsBuilder();
    locality.setLoadBalancingWeight(UInt32Value.of(1));
    for (int port : ports) {
      locality.addLbEndpointsBuilder().getEndpointBuilder().setAddress(loopback(port));
    }
    return assignment.build();
  }

  private static Address loopback(int port) {
    var address = Address.newBuilder();
    address.getSocketAddressBuilder().setAddress("127.0.0.1").setPortValue(port);
    return address.build();
  }
}
