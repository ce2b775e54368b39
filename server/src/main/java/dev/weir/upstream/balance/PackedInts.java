package dev.weir.upstream.balance;

/// Many small numbers, each in no more bits than the greatest needs.
final class PackedInts {
  private final int bits;
  private final long mask;
  private final long[] words;

  /// @param size how many numbers; all are 0 at first
  /// @param most the greatest number, at least 0
  PackedInts(int size, int most) {
    bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(most));
    mask = (1L << bits) - 1;
    words = new long[(int) ((long) size * bits / Long.SIZE) + 2];
  }

  int get(int index) {
    long bit = (long) index * bits;
    int word = (int) (bit >>> 6);
    int shift = (int) bit & 63;
    // A number may reach into the next word; shifting twice makes a shift by 64 come out as 0.
    return (int) (((words[word] >>> shift) | (words[word + 1] << 1 << (63 - shift))) & mask);
  }

  /// Sets a number that is still 0.
  void set(int index, int value) {
    long bit = (long) index * bits;
    int word = (int) (bit >>> 6);
    int shift = (int) bit & 63;
    words[word] |= (long) value << shift;
    words[word + 1] |= (long) value >>> 1 >>> (63 - shift);
  }
}
