package dev.weir.admin;

import dev.weir.admin.Explanation.Destination;
import dev.weir.admin.Explanation.Live;
import dev.weir.config.FilterChainConfig;
import dev.weir.config.LbConfig.Policy;
import dev.weir.config.ListenerConfig;
import dev.weir.config.NetworkFilterConfig;
import dev.weir.config.SubsetMatch;
import dev.weir.config.TcpProxyConfig;
import dev.weir.config.TcpProxyConfig.Target;
import dev.weir.connection.ConnectionInfo;
import dev.weir.engine.ClusterEntry;
import dev.weir.engine.EngineSnapshot;
import dev.weir.listener.ChainWalk;
import dev.weir.tcpproxy.HashInput;
import dev.weir.upstream.balance.Hashes;
import dev.weir.upstream.balance.SubsetKey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Works out where a connection would go, without opening or counting anything. Main loop only.
final class Explainer {
  private final Map<String, ClusterEntry> clusters;

  /// @param engine as it stands now
  Explainer(EngineSnapshot engine) {
    clusters =
        engine.activeClusters().stream()
            .collect(Collectors.toMap(entry -> entry.origin().name(), Function.identity()));
  }

  /// What would become of this connection.
  Explanation explain(ListenerConfig listener, ConnectionInfo info) {
    var walk = ChainWalk.of(listener.chains(), info);
    var chain = walk.chain();
    var proxy = chain == null ? null : tcpProxy(chain);
    // What a filter state object would say is not known before there is a connection.
    var hashed = proxy == null ? null : HashInput.of(proxy.hashPolicy(), info, _ -> null);
    return new Explanation(
        listener.name(),
        AddressTexts.of(info.remoteAddress()),
        AddressTexts.of(info.localAddress()),
        walk,
        chain == null ? "" : label(listener.chains(), chain),
        chain == null ? List.of() : chain.filters().stream().map(Explainer::kind).toList(),
        proxy == null ? List.of() : destinations(proxy, hashed),
        hashed);
  }

  @SuppressWarnings("ReferenceEquality") // this chain, not one like it
  private static String label(ListenerConfig.Chains chains, FilterChainConfig chain) {
    var place = "default_filter_chain";
    for (int i = 0; i < chains.chains().size(); i++) {
      if (chains.chains().get(i) == chain) {
        place = "filter_chains[" + i + "]";
      }
    }
    return chain.name().isEmpty() ? place : place + " '" + chain.name() + "'";
  }

  private static @Nullable TcpProxyConfig tcpProxy(FilterChainConfig chain) {
    return !chain.filters().isEmpty() && chain.filters().getLast() instanceof TcpProxyConfig proxy
        ? proxy
        : null;
  }

  /// `TcpProxyConfig` is `tcp_proxy`.
  private static String kind(NetworkFilterConfig filter) {
    return snakeCase(filter.getClass().getSimpleName().replaceFirst("Config$", ""));
  }

  private static String policy(Policy policy) {
    return snakeCase(policy.getClass().getSimpleName());
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  private List<Destination> destinations(TcpProxyConfig proxy, @Nullable String hashed) {
    return switch (proxy.target()) {
      case Target.Single(var cluster) ->
          List.of(destination(cluster, 1, 1, proxy.metadataMatch(), hashed));
      case Target.Weighted(var shares, long total) ->
          shares.stream()
              .map(share ->
                  destination(
                      share.cluster(), share.weight(), total, share.metadataMatch(), hashed))
              .toList();
    };
  }

  private Destination destination(
      String cluster, long weight, long ofWeight, SubsetMatch match, @Nullable String hashed) {
    var entry = clusters.get(cluster);
    return new Destination(
        cluster, weight, ofWeight, match, entry == null ? null : live(entry, match, hashed));
  }

  private static Live live(ClusterEntry entry, SubsetMatch match, @Nullable String hashed) {
    var lb = entry.origin().config().lb();
    return new Live(
        policy(lb.policy()),
        lb.subsets() != null,
        entry.cluster().explain(SubsetKey.of(match), hashed == null ? null : Hashes.xx64(hashed)));
  }
}
