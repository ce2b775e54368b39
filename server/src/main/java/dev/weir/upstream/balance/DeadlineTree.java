package dev.weir.upstream.balance;

/// Finds the entry with the earliest deadline among many. Held by one worker.
///
/// A tournament: every inner node keeps who lost the match there, so that a new deadline of the
/// winner has to play the matches on its own way up only, one in each round. Which nodes these are
/// does not depend on what is found there, and a round is one comparison; that is what makes it
/// quicker than a heap.
final class DeadlineTree {
  private final int size;

  /// Of each inner node the loser's deadline, as the bits of a positive double, which are ordered
  /// alike; behind it which of two equal deadlines was set first.
  private final long[] keys;

  /// Of each inner node the loser.
  private final int[] losers;

  private long nextRank;
  private int winner;
  private double winnersDeadline;

  /// @param deadlines of all entries, at least one
  /// @param ranks of equal deadlines, the one with the lower rank comes first
  /// @param nextRank above all of them
  DeadlineTree(double[] deadlines, long[] ranks, long nextRank) {
    this.size = deadlines.length;
    this.keys = new long[2 * size];
    this.losers = new int[size];
    this.nextRank = nextRank;
    var winners = new int[2 * size];
    for (int i = 0; i < size; i++) {
      winners[size + i] = i;
    }
    for (int node = size - 1; node >= 1; node--) {
      int left = winners[2 * node];
      int right = winners[2 * node + 1];
      boolean leftWins =
          deadlines[left] < deadlines[right]
              || (deadlines[left] == deadlines[right] && ranks[left] < ranks[right]);
      int loser = leftWins ? right : left;
      winners[node] = leftWins ? left : right;
      losers[node] = loser;
      keys[2 * node] = Double.doubleToRawLongBits(deadlines[loser]);
      keys[2 * node + 1] = ranks[loser];
    }
    winner = size == 1 ? 0 : winners[1];
    winnersDeadline = deadlines[winner];
  }

  /// The entry with the earliest deadline.
  int first() {
    return winner;
  }

  /// Its deadline.
  double deadline() {
    return winnersDeadline;
  }

  /// A number that is greater than all before, for a deadline that is set now.
  long rank() {
    return nextRank++;
  }

  /// Gives the first entry another deadline.
  ///
  /// @param deadline above 0
  /// @param rank when it was set
  void postpone(double deadline, long rank) {
    int entry = winner;
    long key = Double.doubleToRawLongBits(deadline);
    long second = rank;
    for (int node = (size + entry) >> 1; node >= 1; node >>= 1) {
      long other = keys[2 * node];
      long otherSecond = keys[2 * node + 1];
      if (other < key || (other == key && otherSecond < second)) {
        int loser = losers[node];
        keys[2 * node] = key;
        keys[2 * node + 1] = second;
        losers[node] = entry;
        key = other;
        second = otherSecond;
        entry = loser;
      }
    }
    winner = entry;
    winnersDeadline = Double.longBitsToDouble(key);
  }
}
