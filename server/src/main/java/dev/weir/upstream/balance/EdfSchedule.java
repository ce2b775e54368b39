package dev.weir.upstream.balance;

import org.jspecify.annotations.Nullable;

/// Earliest deadline first: entries come up as often as their weights say, evenly spread. Held by
/// one worker.
///
/// Each entry has a deadline at which its next turn comes; with a turn it moves on by the inverse
/// of its weight. Of equal deadlines, the one that was set first goes first. A turn costs O(log n).
final class EdfSchedule {
  /// With more turns behind it, a double would lose the fractions.
  private static final long MOST_TURNS_TAKEN = 0xFFFF_FFFFL / 10;

  /// How much of the turns an entry gets.
  @FunctionalInterface
  interface WeightOf {
    /// The weight of an entry, above 0.
    double weight(int entry);
  }

  private final WeightOf weights;
  private final double[] deadlines;

  /// How many turns each entry has had, where weights never change: then deadlines come without
  /// rounding errors that add up.
  private final long @Nullable [] turns;

  /// Which of two equal deadlines was set first.
  private final long[] ranks;

  /// A binary heap of entries, the next one at its root.
  private final int[] heap;

  private long nextRank;

  private EdfSchedule(int size, WeightOf weights, boolean fixed, long start) {
    this.weights = weights;
    this.deadlines = new double[size];
    this.turns = fixed ? new long[size] : null;
    this.ranks = new long[size];
    this.heap = new int[size];
    begin(Long.remainderUnsigned(start, MOST_TURNS_TAKEN));
  }

  /// A schedule of entries whose weights never change.
  ///
  /// @param size how many entries, at least 1
  /// @param start any number; begins as if about so many turns had been taken, so that not every
  ///   worker begins with the first entry
  static EdfSchedule fixed(int size, WeightOf weights, long start) {
    return new EdfSchedule(size, weights, true, start);
  }

  /// A schedule of entries whose weights may change from turn to turn.
  static EdfSchedule changing(int size, WeightOf weights, long start) {
    return new EdfSchedule(size, weights, false, start);
  }

  private void begin(long turnsTaken) {
    int size = heap.length;
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += weights.weight(i);
    }
    long left = turnsTaken;
    for (int i = 0; i < size; i++) {
      double weight = weights.weight(i);
      long taken = (long) Math.floor(turnsTaken * weight / sum);
      left -= taken;
      if (turns != null) {
        turns[i] = taken + 1;
      }
      deadlines[i] = (taken + 1) / weight;
      ranks[i] = nextRank++;
      heap[i] = i;
    }
    for (int at = size / 2 - 1; at >= 0; at--) {
      sink(at);
    }
    while (left-- > 0) {
      next();
    }
  }

  /// The entry whose turn it is.
  int next() {
    int entry = heap[0];
    double weight = weights.weight(entry);
    deadlines[entry] = turns == null ? deadlines[entry] + 1 / weight : ++turns[entry] / weight;
    ranks[entry] = nextRank++;
    sink(0);
    return entry;
  }

  private void sink(int at) {
    int entry = heap[at];
    int child;
    while ((child = 2 * at + 1) < heap.length) {
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], entry)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = entry;
  }

  private boolean before(int a, int b) {
    return deadlines[a] < deadlines[b] || (deadlines[a] == deadlines[b] && ranks[a] < ranks[b]);
  }
}
