package dev.weir.upstream;

import dev.weir.config.ClusterConfig;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.xds.SerialLoop;

/// Makes live clusters of configured ones. Main loop only.
public final class ClusterFactory {
  private final SerialLoop main;
  private final Stats stats;

  /// @param workers how many workers will pick
  public ClusterFactory(SerialLoop main, Stats stats, int workers) {
    this.main = main;
    this.stats = stats;
  }

  /// A cluster that has not been started.
  public Cluster create(ClusterConfig config) {
    main.check();
    return new Cluster(config, new ClusterStats(scope(config)));
  }

  private StatScope scope(ClusterConfig config) {
    return stats.scope("cluster." + config.statName());
  }
}
