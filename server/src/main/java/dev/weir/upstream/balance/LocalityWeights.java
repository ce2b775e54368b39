package dev.weir.upstream.balance;

import dev.weir.upstream.host.HostList;
import dev.weir.upstream.host.HostSet;
import dev.weir.upstream.host.HostsByHealth;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Localities in turn as often as they weigh, less where they have lost hosts
/// (`locality_weighted_lb_config`).
final class LocalityWeights implements LocalityChoice {
  private final @Nullable Shares healthy;
  private final @Nullable Shares degraded;
  private final @Nullable LocalityChoice otherwise;

  /// Turns among the localities that get any load, which are known by their places.
  private static final class Shares {
    private final int[] places;
    private final PerWorker<EdfSchedule> schedules;

    Shares(int[] places, double[] weights, int workers) {
      this.places = places;
      this.schedules =
          new PerWorker<>(
              workers,
              request -> EdfSchedule.fixed(places.length, i -> weights[i], request.draw()));
    }

    int next(PickRequest request) {
      return places[schedules.of(request).next()];
    }
  }

  private LocalityWeights(
      @Nullable Shares healthy, @Nullable Shares degraded, @Nullable LocalityChoice otherwise) {
    this.healthy = healthy;
    this.degraded = degraded;
    this.otherwise = otherwise;
  }

  /// @param overprovisioning in percent: a locality keeps its whole weight while that much of its
  ///   hosts' share is well
  /// @param otherwise chooses where no locality has any weight; null for all alike
  static LocalityWeights of(
      HostSet set, long overprovisioning, int workers, @Nullable LocalityChoice otherwise) {
    return new LocalityWeights(
        shares(set, overprovisioning, workers, HostsByHealth::healthy),
        shares(set, overprovisioning, workers, HostsByHealth::degraded),
        otherwise);
  }

  private static @Nullable Shares shares(
      HostSet set, long overprovisioning, int workers, Function<HostsByHealth, HostList> eligible) {
    var localities = set.localities();
    var places = new int[localities.size()];
    var weights = new double[localities.size()];
    int n = 0;
    for (int i = 0; i < localities.size(); i++) {
      var hosts = localities.get(i).hosts();
      if (hosts.counted() <= 0) {
        continue;
      }
      double well = 1.0 * eligible.apply(hosts).size() / hosts.counted();
      double weight = localities.get(i).weight() * Math.min(1, overprovisioning / 100.0 * well);
      if (weight > 0) {
        places[n] = i;
        weights[n++] = weight;
      }
    }
    return n == 0 ? null : new Shares(Arrays.copyOf(places, n), Arrays.copyOf(weights, n), workers);
  }

  @Override
  public int choose(PickRequest request, boolean wantDegraded) {
    var shares = wantDegraded ? degraded : healthy;
    if (shares != null) {
      return shares.next(request);
    }
    return otherwise == null ? WHOLE : otherwise.choose(request, wantDegraded);
  }
}
