package dev.weir.upstream.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/// Both schedules against one that looks through all entries at every turn.
class EdfScheduleTest {
  private final long seed = Long.getLong("weir.test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /// As the rule is written: the earliest deadline, and of equal ones the one that was set first.
  private static final class Written {
    private final double[] deadlines;
    private final long[] ranks;
    private final long[] turns;
    private long nextRank;

    Written(double[] weights, long start) {
      int size = weights.length;
      deadlines = new double[size];
      ranks = new long[size];
      turns = new long[size];
      long taken = Long.remainderUnsigned(start, EdfSchedule.MOST_TURNS_TAKEN);
      long left = taken;
      double sum = 0;
      for (double weight : weights) {
        sum += weight;
      }
      for (int i = 0; i < size; i++) {
        long already = (long) Math.floor(taken * weights[i] / sum);
        left -= already;
        turns[i] = already + 1;
        deadlines[i] = turns[i] / weights[i];
        ranks[i] = nextRank++;
      }
      for (; left > 0; left--) {
        next(weights, true);
      }
    }

    int next(double[] weights, boolean fixed) {
      int first = 0;
      for (int i = 1; i < deadlines.length; i++) {
        if (deadlines[i] < deadlines[first]
            || (deadlines[i] == deadlines[first] && ranks[i] < ranks[first])) {
          first = i;
        }
      }
      deadlines[first] =
          fixed ? ++turns[first] / weights[first] : deadlines[first] + 1 / weights[first];
      ranks[first] = nextRank++;
      return first;
    }
  }

  private double[] weights(int distinct) {
    var weights = new double[1 + random.nextInt(40)];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 1 + random.nextInt(distinct);
    }
    return weights;
  }

  @RepeatedTest(40)
  void fixedWeightsTakeTurnsAsWritten() {
    var weights = weights(1 + random.nextInt(10));
    long start = random.nextBoolean() ? random.nextLong() : random.nextInt(100);
    var written = new Written(weights, start);
    var schedule = EdfSchedule.fixed(weights.length, i -> weights[i], start);
    for (int i = 0; i < 500; i++) {
      assertEquals(written.next(weights, true), schedule.next(), "turn " + i + ", seed " + seed);
    }
  }

  @RepeatedTest(40)
  void changingWeightsTakeTurnsAsWritten() {
    var weights = weights(10);
    var written = new Written(weights, 0);
    var schedule = EdfSchedule.changing(weights.length, i -> weights[i], 0);
    for (int i = 0; i < 500; i++) {
      assertEquals(written.next(weights, false), schedule.next(), "turn " + i + ", seed " + seed);
      weights[random.nextInt(weights.length)] = 1 + random.nextInt(10);
    }
  }
}
