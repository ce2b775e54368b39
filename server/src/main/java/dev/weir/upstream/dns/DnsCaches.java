package dev.weir.upstream.dns;

import dev.weir.config.ClusterConfig.DnsCacheConfig;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.Stats;
import dev.weir.xds.SerialLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The caches of names, by their own names: filters and clusters that name the same one share it.
/// Main loop only.
public final class DnsCaches {
  private static final System.Logger LOG = System.getLogger("forward_proxy");

  private final SerialLoop main;
  private final NameResolver resolver;
  private final RandomGenerator random;
  private final Stats stats;
  private final Map<String, DnsCache> byName = new HashMap<>();

  /// @param random for pauses between questions; main loop only
  public DnsCaches(SerialLoop main, NameResolver resolver, RandomGenerator random, Stats stats) {
    this.main = main;
    this.resolver = resolver;
    this.random = random;
    this.stats = stats;
  }

  /// The cache of this configuration. One that is there already stays as it is.
  public DnsCache get(DnsCacheConfig config) {
    main.check();
    var present = byName.get(config.name());
    if (present == null) {
      var scope = stats.scope("dns_cache." + config.name(), StatFamilies.DNS_CACHE);
      present = new DnsCache(main, resolver, random, config, scope);
      byName.put(config.name(), present);
    } else if (!present.config().equals(config)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "config specified DNS cache ''{0}'' with different settings: the former ones stay",
          config.name());
    }
    return present;
  }
}
