package dev.weir.upstream;

import dev.weir.config.OutlierDetectionConfig;
import dev.weir.telemetry.ClusterStatFamilies;
import dev.weir.telemetry.EventFile;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.health.HealthCheckMaker;
import dev.weir.upstream.outlier.OutlierDetector;
import dev.weir.xds.SerialLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Makes what looks after the hosts of a cluster. Main loop only.
final class HostCareMaker {
  private final SerialLoop main;
  private final RandomGenerator random;
  private final ClusterFactory.Health health;

  HostCareMaker(SerialLoop main, RandomGenerator random, ClusterFactory.Health health) {
    this.main = main;
    this.random = random;
    this.health = health;
  }

  /// @throws UncheckedIOException if a file cannot be opened that events are to be written to
  HostCare create(Cluster.Traits traits) {
    var config = traits.config();
    var counted = traits.stats();
    var subject =
        new HealthCheckMaker.Subject(
            config,
            traits.dialer(),
            (host, instead) ->
                instead == null ? traits.transports().of(host) : traits.transports().of(instead),
            counted::open,
            () -> counted.get(Count.UPSTREAM_CX_TOTAL).used());
    var outlier = config.health().outlier();
    return new HostCare(
        main,
        health.checks().create(subject),
        outlier == null ? null : detector(config.name(), outlier, counted),
        new LostHosts(config.health(), counted.scope()),
        config.health().ignoreHealthOnHostRemoval());
  }

  private OutlierDetector detector(
      String cluster, OutlierDetectionConfig config, ClusterStats counted) {
    return new OutlierDetector(
        new OutlierDetector.Setting(
            main,
            cluster,
            config,
            counted.open("outlier_detection", ClusterStatFamilies.OUTLIER_DETECTION),
            log(),
            random));
  }

  private @Nullable EventFile log() {
    if (health.outlierLog().isEmpty()) {
      return null;
    }
    try {
      return health.logs().events(health.outlierLog());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
