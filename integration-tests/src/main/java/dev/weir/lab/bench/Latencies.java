package dev.weir.lab.bench;

import java.util.Arrays;

/// What single requests took. One thread.
final class Latencies {
  private long[] nanos = new long[1 << 16];
  private int count;

  void add(long one) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = one;
  }

  int count() {
    return count;
  }

  /// Makes [#micros] ready.
  Latencies sorted() {
    Arrays.sort(nanos, 0, count);
    return this;
  }

  /// The time that this part of the requests did not take longer than, in microseconds.
  ///
  /// @param part from 0 to 1
  double micros(double part) {
    return count == 0 ? Double.NaN : nanos[(int) Math.min(count - 1, part * count)] / 1e3;
  }
}
