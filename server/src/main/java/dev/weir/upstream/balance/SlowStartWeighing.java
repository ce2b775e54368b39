package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.SlowStart;
import dev.weir.upstream.host.Health;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostList;
import java.util.function.LongSupplier;

/// Less for a host that has become healthy a short time ago, so that it can warm up.
final class SlowStartWeighing implements Weighing {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final SlowStart config;
  private final Weighing full;
  private final LongSupplier nanoTime;

  /// @param full what a host weighs once it is warm
  SlowStartWeighing(SlowStart config, Weighing full, LongSupplier nanoTime) {
    this.config = config;
    this.full = full;
    this.nanoTime = nanoTime;
  }

  @Override
  public double weigh(Host host, double weight) {
    return full.weigh(host, weight) * factor(host);
  }

  /// Whether any of these hosts is still warming up.
  boolean concerns(HostList hosts) {
    for (int i = 0; i < hosts.size(); i++) {
      if (factor(hosts.get(i)) < 1) {
        return true;
      }
    }
    return false;
  }

  private double factor(Host host) {
    if (host.health() != Health.HEALTHY) {
      return 1;
    }
    long age = (nanoTime.getAsLong() - host.healthySince()) / NANOS_PER_MILLI;
    long window = config.window().toMillis();
    if (age >= window) {
      return 1;
    }
    double part = (double) Math.max(1, age) / window;
    if (config.aggression() != 1) {
      part = Math.pow(part, 1 / config.aggression());
    }
    return Math.max(part, config.minWeightPercent() / 100);
  }
}
