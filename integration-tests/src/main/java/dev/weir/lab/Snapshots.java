package dev.weir.lab;

import com.google.common.hash.Hashing;
import com.google.protobuf.Message;
import io.envoyproxy.controlplane.cache.Resources;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Makes snapshots for the cache out of resources of all kinds.
final class Snapshots {

  /// What a control plane can serve.
  static final Set<Class<? extends Message>> KINDS =
      Set.of(
          Listener.class,
          Cluster.class,
          ClusterLoadAssignment.class,
          RouteConfiguration.class,
          Secret.class);

  private Snapshots() {}

  /// The version of each kind is a digest of its resources: equal content has an equal version,
  /// also after a restart.
  ///
  /// @throws IllegalArgumentException if two resources of a kind have the same name
  static Snapshot of(Collection<? extends Message> resources) {
    var clusters = only(Cluster.class, resources);
    var endpoints = only(ClusterLoadAssignment.class, resources);
    var listeners = only(Listener.class, resources);
    var routes = only(RouteConfiguration.class, resources);
    var secrets = only(Secret.class, resources);
    return Snapshot.create(
        clusters,
        version(clusters),
        endpoints,
        version(endpoints),
        listeners,
        version(listeners),
        routes,
        version(routes),
        secrets,
        version(secrets));
  }

  private static <T extends Message> List<T> only(
      Class<T> kind, Collection<? extends Message> all) {
    return all.stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .sorted(Comparator.comparing(Resources::getResourceName))
        .toList();
  }

  private static String version(List<? extends Message> resources) {
    var hasher = Hashing.sha256().newHasher();
    for (var resource : resources) {
      hasher.putBytes(resource.toByteArray());
    }
    return hasher.hash().toString().substring(0, 8);
  }
}
