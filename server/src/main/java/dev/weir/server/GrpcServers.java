package dev.weir.server;

import dev.weir.bootstrap.Bootstrap;
import dev.weir.config.Address;
import dev.weir.config.TransportSocketConfig;
import dev.weir.transport.tls.GrpcTls;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.Clusters;
import dev.weir.xds.ControlPlane;
import org.jspecify.annotations.Nullable;

/// How the gRPC services behind clusters are reached: as the bootstrap says, or, if the cluster was
/// pushed, at the hosts that it has at present.
record GrpcServers(Bootstrap bootstrap, Clusters clusters) {
  private static final System.Logger LOG = System.getLogger("config");

  /// The servers of this cluster; null where it does not exist or has none.
  @Nullable ControlPlane find(String cluster) {
    var known = bootstrap.controlPlane(cluster);
    if (known != null) {
      return known;
    }
    var pushed = clusters.find(cluster);
    return pushed == null ? null : of(pushed);
  }

  private static @Nullable ControlPlane of(Cluster cluster) {
    var addresses = cluster.table().hosts().stream().map(host -> address(host.address())).toList();
    if (addresses.isEmpty()) {
      return null;
    }
    var name = cluster.config().name();
    var upstream = cluster.config().upstream();
    return switch (upstream.transportSocket()) {
      case TransportSocketConfig.RawBuffer _ ->
          new ControlPlane(name, addresses, null, null, upstream.connectTimeout(), null);
      case TransportSocketConfig.UpstreamTls config -> {
        var tls = GrpcTls.of(config);
        yield tls == null
            ? null
            : new ControlPlane(name, addresses, tls, null, upstream.connectTimeout(), null);
      }
      case TransportSocketConfig.DownstreamTls _ -> null;
      case TransportSocketConfig.ProxyProtocol _ -> {
        LOG.log(
            System.Logger.Level.WARNING, "gRPC to cluster ''{0}'' cannot send PROXY headers", name);
        yield null;
      }
    };
  }

  private static ControlPlane.Address address(Address address) {
    return switch (address) {
      case Address.Socket(var host, var port) -> new ControlPlane.Address.Host(host, port);
      case Address.Pipe(var path, _) -> new ControlPlane.Address.Pipe(path);
    };
  }
}
