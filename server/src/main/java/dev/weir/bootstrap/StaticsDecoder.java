package dev.weir.bootstrap;

import com.google.protobuf.Any;
import dev.weir.bootstrap.Bootstrap.Statics;
import dev.weir.config.Checked;
import dev.weir.config.ClusterConfig;
import dev.weir.config.ClusterDecoder;
import dev.weir.config.Field;
import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerDecoder;
import dev.weir.config.Resources.ClusterDefaults;
import dev.weir.config.SecretConfig;
import dev.weir.config.SecretDecoder;
import dev.weir.xds.Accepted;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.StaticResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Makes [Statics] with the decoders that a push is read by.
final class StaticsDecoder {
  private StaticsDecoder() {}

  /// @param controlPlanes names of clusters that the xDS client reaches by itself; if that is over
  ///   TLS, nothing is proxied to them
  static Statics statics(
      StaticResources wire, ClusterDefaults defaults, Set<String> controlPlanes, Field at) {
    var names = new HashSet<String>();
    var clusters =
        at.each(
            "clusters",
            wire.getClustersList(),
            (cluster, there) -> {
              there.check(
                  names.add(cluster.getName()),
                  "cluster manager: duplicate cluster '" + cluster.getName() + "'");
              boolean apart =
                  controlPlanes.contains(cluster.getName())
                      && ControlPlanesDecoder.usesTls(cluster);
              return apart
                  ? Optional.<Accepted<Checked<ClusterConfig>>>empty()
                  : Optional.of(cluster(cluster, defaults, there));
            });
    return new Statics(
        clusters.stream().flatMap(Optional::stream).toList(),
        listeners(wire.getListenersList(), at),
        secrets(wire.getSecretsList(), at));
  }

  private static Accepted<Checked<ClusterConfig>> cluster(
      Cluster wire, ClusterDefaults defaults, Field at) throws InvalidResourceException {
    var checked = ClusterDecoder.decode(defaults.fill(wire), at.path());
    return new Accepted<>(wire.getName(), "", checked, Any.pack(wire));
  }

  private static List<Accepted<Checked<ListenerConfig>>> listeners(List<Listener> wire, Field at) {
    var byName = new LinkedHashMap<String, Accepted<Checked<ListenerConfig>>>();
    var configs = new ArrayList<ListenerConfig>();
    at.each(
        "listeners",
        wire,
        (listener, there) -> {
          var accepted = listener(listener, there);
          var config = accepted.value().value();
          if (byName.putIfAbsent(accepted.name(), accepted) != null) {
            there.warn("is left out: a listener before it has the same name");
          } else {
            config.conflictWith(configs).ifPresent(conflict -> there.check(false, conflict));
            configs.add(config);
          }
          return accepted;
        });
    return List.copyOf(byName.values());
  }

  /// A listener without a name gets one that no other can have.
  private static Accepted<Checked<ListenerConfig>> listener(Listener wire, Field at)
      throws InvalidResourceException {
    var name = wire.getName().isEmpty() ? UUID.randomUUID().toString() : wire.getName();
    var checked = ListenerDecoder.decode(wire.toBuilder().setName(name).build(), at.path());
    return new Accepted<>(name, "", checked, Any.pack(wire));
  }

  private static List<Accepted<Checked<SecretConfig>>> secrets(List<Secret> wire, Field at) {
    var names = new HashSet<String>();
    return at.each(
        "secrets",
        wire,
        (secret, there) -> {
          there.check(
              names.add(secret.getTypeCase() + secret.getName()),
              "Duplicate static secret name " + secret.getName());
          var checked = SecretDecoder.decode(secret, there.path());
          return new Accepted<>(secret.getName(), "", checked, Any.pack(secret));
        });
  }
}
