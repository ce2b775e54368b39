package dev.weir.upstream.balance;

import java.util.Arrays;
import java.util.HashMap;

/// A schedule of entries whose weights never change. Entries of the same weight come round one
/// after the other, always in the same order, so that only the first of each weight has to be
/// compared: a turn costs O(log w) for w different weights. Deadlines come without rounding errors
/// that add up.
final class FixedSchedule implements EdfSchedule {
  /// The entries, those of the same weight side by side.
  private final int[] entries;

  /// By the place in `entries`, when the entry's deadline was set.
  private final long[] ranks;

  /// Where the entries of each weight begin; behind the last one, where they end.
  private final int[] begins;

  /// Of each weight, whose turn is next.
  private final int[] cursors;

  /// Of each weight, how many turns the next one will have had.
  private final long[] turns;

  private final double[] weights;

  /// Of the weights, by the deadline of the next entry.
  private final DeadlineTree deadlines;

  FixedSchedule(int size, WeightOf weightOf, Beginning begin) {
    var groups = new int[size];
    weights = group(size, weightOf, groups);
    int count = weights.length;
    begins = new int[count + 1];
    for (int group : groups) {
      begins[group + 1]++;
    }
    Arrays.parallelPrefix(begins, Integer::sum);
    cursors = Arrays.copyOf(begins, count);
    turns = new long[count];
    entries = new int[size];
    ranks = new long[size];
    for (int i = 0; i < size; i++) {
      int at = cursors[groups[i]]++;
      entries[at] = i;
      ranks[at] = i;
      turns[groups[i]] = begin.turns(weights[groups[i]]) + 1;
    }
    System.arraycopy(begins, 0, cursors, 0, count);
    var first = new double[count];
    var firstRanks = new long[count];
    for (int i = 0; i < count; i++) {
      first[i] = turns[i] / weights[i];
      firstRanks[i] = ranks[begins[i]];
    }
    deadlines = new DeadlineTree(first, firstRanks, size);
  }

  /// Numbers the weights in the order in which they come.
  ///
  /// @param groups gets the number of each entry's weight
  /// @return the weights
  private static double[] group(int size, WeightOf weightOf, int[] groups) {
    var numbers = new HashMap<Double, Integer>();
    var weights = new double[size];
    for (int i = 0; i < size; i++) {
      double weight = weightOf.weight(i);
      int next = numbers.size();
      Integer known = numbers.putIfAbsent(weight, next);
      groups[i] = known == null ? next : known;
      weights[groups[i]] = weight;
    }
    return Arrays.copyOf(weights, numbers.size());
  }

  @Override
  public int next() {
    int group = deadlines.first();
    int at = cursors[group];
    ranks[at] = deadlines.rank();
    int following = at + 1;
    if (following == begins[group + 1]) {
      following = begins[group];
      turns[group]++;
    }
    cursors[group] = following;
    deadlines.postpone(turns[group] / weights[group], ranks[following]);
    return entries[at];
  }
}
