package dev.weir.upstream.balance;

import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.LbConfig.ZoneAware;
import dev.weir.upstream.host.HostList;
import dev.weir.upstream.host.HostSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps traffic in the gateway's own zone as far as the hosts there can take it
/// (`zone_aware_lb_config`).
///
/// If the own zone has a larger share of the upstream's hosts than of the gateways, it takes all of
/// their traffic. If not, each gateway sends so much of it there that the zone's hosts get no more
/// than others, and the rest to zones that have hosts to spare.
final class ZoneRouting implements LocalityChoice {
  /// Shares are counted in hundredths of a percent.
  private static final int WHOLE_SHARE = 10_000;

  private final ZoneAware config;
  private final boolean gatewaysInPanic;
  private final boolean direct;
  private final long ownShare;

  /// Spare hosts of each zone and all before it.
  private final long[] spare;

  private final BalancerStats stats;

  private ZoneRouting(
      ZoneAware config,
      boolean gatewaysInPanic,
      boolean direct,
      long ownShare,
      long[] spare,
      BalancerStats stats) {
    this.config = config;
    this.gatewaysInPanic = gatewaysInPanic;
    this.direct = direct;
    this.ownShare = ownShare;
    this.spare = spare;
    this.stats = stats;
  }

  /// How to route to the hosts of the highest priority; null if localities cannot count.
  ///
  /// @param gateways the hosts of the local cluster: this gateway and its like
  static @Nullable LocalityChoice of(
      HostSet upstream,
      HostSet gateways,
      ZoneAware config,
      int panicThreshold,
      BalancerStats stats) {
    stats.count("lb_recalculate_zone_structures");
    if (!possible(upstream, gateways, config, stats)) {
      return null;
    }
    var gatewayShares = shares(gateways, config.byHostWeight());
    var upstreamShares = shares(upstream, config.byHostWeight());
    int n = upstream.localities().size();
    var spare = new long[n];
    long ownShare = 0;
    boolean direct = false;
    for (int i = 0; i < n; i++) {
      var zone = upstream.localities().get(i).locality();
      long has = upstreamShares.getOrDefault(zone, 0L);
      long asks = has == 0 ? 0 : gatewayShares.getOrDefault(zone, 0L);
      spare[i] = i == 0 ? 0 : spare[i - 1];
      if (i == 0 && upstream.localFirst()) {
        direct = (has > 0 && has >= asks) || forced(upstream, config);
        ownShare = asks > 0 ? has * WHOLE_SHARE / asks : 0;
      } else {
        spare[i] += Math.max(0, has - asks);
      }
    }
    boolean panic = PriorityLoad.tooFew(gateways.hosts(), panicThreshold);
    return new ZoneRouting(config, panic, direct, ownShare, spare, stats);
  }

  private static boolean forced(HostSet upstream, ZoneAware config) {
    return config.forceLocalZone() > 0
        && upstream.localities().getFirst().hosts().healthy().size() >= config.forceLocalZone();
  }

  private static boolean possible(
      HostSet upstream, HostSet gateways, ZoneAware config, BalancerStats stats) {
    if (upstream.localities().size() < 2) {
      return false;
    }
    if (gateways.localities().size() < 2 && config.forceLocalZone() == 0) {
      return false;
    }
    if (!gateways.localFirst()) {
      stats.count("lb_local_cluster_not_ok");
      return false;
    }
    if (upstream.hosts().healthy().size() < config.minClusterSize()) {
      stats.count("lb_zone_cluster_too_small");
      return false;
    }
    return true;
  }

  private static Map<Locality, Long> shares(HostSet set, boolean byWeight) {
    long total = size(set.hosts().healthy(), byWeight);
    var shares = new HashMap<Locality, Long>();
    for (var locality : set.localities()) {
      long size = size(locality.hosts().healthy(), byWeight);
      shares.put(locality.locality(), total == 0 ? 0 : WHOLE_SHARE * size / total);
    }
    return shares;
  }

  private static long size(HostList hosts, boolean byWeight) {
    return byWeight ? hosts.totalWeight() : hosts.size();
  }

  @Override
  public int choose(PickRequest request, boolean wantDegraded) {
    if (request.drawBelow(100) >= Math.round(config.routingEnabled())) {
      return WHOLE;
    }
    if (gatewaysInPanic) {
      stats.count("lb_local_cluster_not_ok");
      return config.failTrafficOnPanic() ? NOWHERE : WHOLE;
    }
    if (direct) {
      stats.count("lb_zone_routing_all_directly");
      return 0;
    }
    if (request.drawBelow(WHOLE_SHARE) < ownShare) {
      stats.count("lb_zone_routing_sampled");
      return 0;
    }
    stats.count("lb_zone_routing_cross_zone");
    return elsewhere(request);
  }

  private int elsewhere(PickRequest request) {
    int total = (int) spare[spare.length - 1];
    if (total == 0) {
      // Rounding may leave nothing to spare.
      stats.count("lb_zone_no_capacity_left");
      return request.drawBelow(spare.length);
    }
    int drawn = request.drawBelow(total);
    int zone = 0;
    while (drawn >= spare[zone]) {
      zone++;
    }
    return zone;
  }
}
