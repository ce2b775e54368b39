package dev.weir.upstream.balance;

/// Earliest deadline first: entries come up as often as their weights say, evenly spread. Held by
/// one worker.
///
/// Each entry has a deadline at which its next turn comes; with a turn it moves on by the inverse
/// of its weight. Of equal deadlines, the one that was set first goes first.
interface EdfSchedule {
  /// With more turns behind it, a double would lose the fractions.
  long MOST_TURNS_TAKEN = 0xFFFF_FFFFL / 10;

  /// How much of the turns an entry gets.
  @FunctionalInterface
  interface WeightOf {
    /// The weight of an entry, above 0.
    double weight(int entry);
  }

  /// The entry whose turn it is.
  int next();

  /// A schedule of entries whose weights never change.
  ///
  /// @param size how many entries, at least 1
  /// @param start any number; begins as if about so many turns had been taken, so that not every
  ///   worker begins with the first entry
  static EdfSchedule fixed(int size, WeightOf weights, long start) {
    var begin = new Beginning(size, weights, start);
    return begin.skip(new FixedSchedule(size, weights, begin));
  }

  /// A schedule of entries whose weights may change from turn to turn.
  static EdfSchedule changing(int size, WeightOf weights, long start) {
    var begin = new Beginning(size, weights, start);
    return begin.skip(new ChangingSchedule(size, weights, begin));
  }

  /// How many turns each entry has had already when a schedule begins.
  final class Beginning {
    private final long taken;
    private final double sum;
    private long left;

    private Beginning(int size, WeightOf weights, long start) {
      double all = 0;
      for (int i = 0; i < size; i++) {
        all += weights.weight(i);
      }
      sum = all;
      taken = Long.remainderUnsigned(start, MOST_TURNS_TAKEN);
      left = taken;
    }

    /// The whole turns of an entry; asked once for each.
    long turns(double weight) {
      long turns = (long) Math.floor(taken * weight / sum);
      left -= turns;
      return turns;
    }

    /// Takes the turns that were left over by rounding.
    private EdfSchedule skip(EdfSchedule schedule) {
      while (left-- > 0) {
        schedule.next();
      }
      return schedule;
    }
  }
}
