package dev.weir.listener;

import dev.weir.config.ListenerConfig;
import dev.weir.config.TcpProxyConfig;
import dev.weir.config.TcpProxyConfig.Target;
import dev.weir.upstream.Clusters;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whether the clusters that a listener proxies to can serve. Main loop only.
final class UpstreamReadiness {
  private final Clusters clusters;
  private final Set<String> targets;

  UpstreamReadiness(ListenerConfig config, Clusters clusters) {
    this.clusters = clusters;
    var chains = config.chains();
    var fallback = chains.defaultChain();
    this.targets =
        Stream.concat(
                chains.chains().stream(), fallback == null ? Stream.of() : Stream.of(fallback))
            .flatMap(chain -> chain.filters().stream())
            .filter(TcpProxyConfig.class::isInstance)
            .flatMap(filter -> names(((TcpProxyConfig) filter).target()).stream())
            .collect(Collectors.toSet());
  }

  private static List<String> names(Target target) {
    return switch (target) {
      case Target.Single(var cluster) -> List.of(cluster);
      case Target.Weighted(var shares, _) -> shares.stream().map(Target.Share::cluster).toList();
    };
  }

  /// Whether one of them has a healthy host, or there is none to wait for.
  boolean isReady() {
    return targets.isEmpty() || targets.stream().anyMatch(this::hasHealthyHost);
  }

  private boolean hasHealthyHost(String name) {
    var cluster = clusters.find(name);
    return cluster != null
        && cluster.table().priorities().stream().anyMatch(set -> set.hosts().healthy().size() > 0);
  }
}
