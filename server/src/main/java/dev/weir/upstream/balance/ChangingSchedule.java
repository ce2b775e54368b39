package dev.weir.upstream.balance;

/// A schedule of entries whose weights may change from turn to turn. A turn costs O(log n).
final class ChangingSchedule implements EdfSchedule {
  private final WeightOf weights;
  private final DeadlineTree deadlines;

  ChangingSchedule(int size, WeightOf weights, Beginning begin) {
    this.weights = weights;
    var first = new double[size];
    var ranks = new long[size];
    for (int i = 0; i < size; i++) {
      double weight = weights.weight(i);
      first[i] = (begin.turns(weight) + 1) / weight;
      ranks[i] = i;
    }
    deadlines = new DeadlineTree(first, ranks, size);
  }

  @Override
  public int next() {
    int entry = deadlines.first();
    deadlines.postpone(deadlines.deadline() + 1 / weights.weight(entry), deadlines.rank());
    return entry;
  }
}
