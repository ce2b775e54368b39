package dev.weir.upstream.balance;

import java.util.function.LongSupplier;

/// Passes over hosts that have more than their share of the active requests
/// (`hash_balance_factor`).
///
/// A host may have its weight's part of all requests, times the factor. From one that has more, the
/// search goes on to the others in an order that the hash decides, so that a hash always overflows
/// to the same hosts. O(n) then, else as quick as the table.
///
/// See "Consistent Hashing with Bounded Loads" (arXiv 1608.01350) and "Revisiting Consistent
/// Hashing with Bounded Loads" (arXiv 1908.08762).
final class BoundedLoad {
  private final HashWeights weights;
  private final int factor;
  private final LongSupplier allActive;
  private final PerWorker<Shuffle> shuffles;

  /// @param factor in percent, at least 100
  /// @param allActive how many active requests the whole cluster has
  BoundedLoad(HashWeights weights, int factor, LongSupplier allActive, int workers) {
    this.weights = weights;
    this.factor = factor;
    this.allActive = allActive;
    this.shuffles = new PerWorker<>(workers, _ -> new Shuffle(weights.hosts().size()));
  }

  /// The host to use instead of the one that a hash leads to, which may be that one.
  int settle(int first, long hash, PickRequest request) {
    long slots = ((allActive.getAsLong() + 1) * factor + 99) / 100;
    double least = load(first, slots);
    if (least <= 1) {
      return first;
    }
    int best = first;
    var others = shuffles.of(request).begin(hash);
    for (int i = 0; i < weights.hosts().size(); i++) {
      int other = others.next();
      if (other == first) {
        continue;
      }
      double load = load(other, slots);
      if (load <= 1) {
        return other;
      }
      if (load < least) {
        best = other;
        least = load;
      }
    }
    return best;
  }

  /// Above 1 if the host has more than its share.
  private double load(int host, long slots) {
    double share = Math.max(1, Math.ceil(slots * weights.weight(host)));
    return weights.hosts().get(host).counters().rqActive() / share;
  }
}
