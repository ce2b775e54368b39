package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.Policy.RingHash;

/// Each host at many places of a ring of hashes; a hash leads to the next place. Immutable.
///
/// The places of a host are the hashes of its key with `_0`, `_1` and so on. The least weighted
/// host gets a whole number of places, the others as many more as they weigh more; sizes and
/// rounding are Envoy's.
final class HashRing implements HashTable {
  /// Turns the order of signed numbers into that of unsigned ones.
  private static final long FLIP = Long.MIN_VALUE;

  /// Ascending; flipped.
  private final long[] places;

  /// Where the places begin whose hashes begin with these bits. Hashes are evenly spread, so that
  /// there are one or two with the same beginning.
  private final int[] begins;

  /// Leaves those bits over.
  private final int shift;

  /// Whose each place is.
  private final int[] owners;

  private final Size size;

  /// How many places there are: by plan, and at least and at most for a host.
  record Size(long planned, long least, long most) {}

  /// @param laid the places host by host
  /// @param ends where those of each host end
  private HashRing(long[] laid, int[] ends, Size size) {
    this.size = size;
    int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(laid.length - 1));
    this.shift = Long.SIZE - bits;
    this.begins = begins(laid, shift, 1 << bits);
    this.places = new long[laid.length];
    this.owners = new int[laid.length];
    sort(laid, ends);
  }

  private static int[] begins(long[] laid, int shift, int count) {
    var begins = new int[count];
    for (long place : laid) {
      begins[(int) ((place ^ FLIP) >>> shift)]++;
    }
    int sum = 0;
    for (int i = 0; i < count; i++) {
      int here = begins[i];
      begins[i] = sum;
      sum += here;
    }
    return begins;
  }

  /// Puts each place among the few with the same beginning. Of equal places, the one that was laid
  /// first comes first.
  private void sort(long[] laid, int[] ends) {
    var filled = begins.clone();
    int owner = 0;
    for (int i = 0; i < laid.length; i++) {
      while (i >= ends[owner]) {
        owner++;
      }
      long place = laid[i];
      int group = (int) ((place ^ FLIP) >>> shift);
      int at = filled[group]++;
      while (at > begins[group] && places[at - 1] > place) {
        places[at] = places[at - 1];
        owners[at] = owners[at - 1];
        at--;
      }
      places[at] = place;
      owners[at] = owner;
    }
  }

  /// A ring for at least one host.
  static HashRing of(HashWeights weights, RingHash config) {
    double scale =
        Math.min(
            Math.ceil(weights.least() * config.minimumRingSize()) / weights.least(),
            (double) config.maximumRingSize());
    var ends = ends(weights, scale);
    var places = places(weights, config, ends);
    return new HashRing(places, ends, size((long) Math.ceil(scale), ends));
  }

  /// Where the places of each host end when they are laid out host by host.
  private static int[] ends(HashWeights weights, double scale) {
    var ends = new int[weights.hosts().size()];
    double current = 0;
    double target = 0;
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      target += scale * weights.weight(i);
      while (current < target) {
        current++;
        end++;
      }
      ends[i] = end;
    }
    return ends;
  }

  private static long[] places(HashWeights weights, RingHash config, int[] ends) {
    var places = new long[ends[ends.length - 1]];
    var keys = weights.keys(config.hashing().useHostname());
    int place = 0;
    for (int host = 0; host < ends.length; host++) {
      var key = new CountedKey(keys.get(host));
      while (place < ends[host]) {
        places[place++] = key.next(config.murmur()) ^ FLIP;
      }
    }
    return places;
  }

  private static Size size(long planned, int[] ends) {
    long least = planned;
    long most = 0;
    int begin = 0;
    for (int end : ends) {
      least = Math.min(least, end - begin);
      most = Math.max(most, end - begin);
      begin = end;
    }
    return new Size(planned, least, most);
  }

  @Override
  public int at(long hash) {
    long flipped = hash ^ FLIP;
    int place = begins[(int) (hash >>> shift)];
    while (place < places.length && places[place] < flipped) {
      place++;
    }
    return owners[place == places.length ? 0 : place];
  }

  Size size() {
    return size;
  }
}
