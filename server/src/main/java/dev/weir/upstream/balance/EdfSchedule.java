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

  /// A heap of this many branches has half the levels of a binary one, and the children of a node
  /// lie in one line of the cache.
  private static final int BRANCHES = 4;

  private final WeightOf weights;

  /// By entry, where weights never change: then they are read from here, and deadlines come without
  /// rounding errors that add up.
  private final double @Nullable [] fixed;

  /// How many turns each entry has had, where weights never change.
  private final long[] turns;

  /// The heap, the next entry at its root: the deadline of each node, as the bits of a positive
  /// double, which are ordered alike; behind it which of two equal deadlines was set first.
  private final long[] keys;

  /// The entry of each node.
  private final int[] heap;

  private long nextRank;

  private EdfSchedule(int size, WeightOf weights, boolean fixed, long start) {
    this.weights = weights;
    this.fixed = fixed ? new double[size] : null;
    this.turns = new long[fixed ? size : 0];
    this.keys = new long[2 * size];
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
      if (fixed != null) {
        fixed[i] = weight;
        turns[i] = taken + 1;
      }
      set(i, i, Double.doubleToRawLongBits((taken + 1) / weight), nextRank++);
    }
    for (int at = size / BRANCHES; at >= 0; at--) {
      sink(at);
    }
    while (left-- > 0) {
      next();
    }
  }

  private void set(int at, int entry, long deadline, long rank) {
    heap[at] = entry;
    keys[2 * at] = deadline;
    keys[2 * at + 1] = rank;
  }

  /// The entry whose turn it is.
  int next() {
    int entry = heap[0];
    double deadline =
        fixed == null
            ? Double.longBitsToDouble(keys[0]) + 1 / weights.weight(entry)
            : ++turns[entry] / fixed[entry];
    set(0, entry, Double.doubleToRawLongBits(deadline), nextRank++);
    sink(0);
    return entry;
  }

  private void sink(int start) {
    int at = start;
    int entry = heap[at];
    long deadline = keys[2 * at];
    long rank = keys[2 * at + 1];
    while (BRANCHES * at + 1 < heap.length) {
      int first = firstChild(at);
      if (!before(keys[2 * first], keys[2 * first + 1], deadline, rank)) {
        break;
      }
      set(at, heap[first], keys[2 * first], keys[2 * first + 1]);
      at = first;
    }
    set(at, entry, deadline, rank);
  }

  /// The child of a node that comes before the others.
  private int firstChild(int at) {
    int first = BRANCHES * at + 1;
    int end = Math.min(first + BRANCHES, heap.length);
    for (int child = first + 1; child < end; child++) {
      if (before(keys[2 * child], keys[2 * child + 1], keys[2 * first], keys[2 * first + 1])) {
        first = child;
      }
    }
    return first;
  }

  private static boolean before(long deadline, long rank, long other, long otherRank) {
    return deadline < other || (deadline == other && rank < otherRank);
  }
}
