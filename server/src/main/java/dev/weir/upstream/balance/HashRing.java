package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.Policy.RingHash;
import java.util.Arrays;

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

  private HashRing(long[] places, int[] owners, Size size) {
    this.places = places;
    this.owners = owners;
    this.size = size;
    int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(places.length - 1));
    this.shift = Long.SIZE - bits;
    this.begins = begins(places, bits);
  }

  private static int[] begins(long[] places, int bits) {
    var begins = new int[1 << bits];
    int place = 0;
    for (int i = 0; i < begins.length; i++) {
      while (place < places.length && (places[place] ^ FLIP) >>> (Long.SIZE - bits) < i) {
        place++;
      }
      begins[i] = place;
    }
    return begins;
  }

  /// A ring for at least one host.
  static HashRing of(HashWeights weights, RingHash config) {
    double scale =
        Math.min(
            Math.ceil(weights.least() * config.minimumRingSize()) / weights.least(),
            (double) config.maximumRingSize());
    var ends = ends(weights, scale);
    var places = places(weights, config, ends);
    var sorted = places.clone();
    Arrays.sort(sorted);
    long planned = (long) Math.ceil(scale);
    return new HashRing(sorted, owners(places, sorted, ends), size(planned, ends));
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

  private static int[] owners(long[] places, long[] sorted, int[] ends) {
    var owners = new int[places.length];
    Arrays.fill(owners, -1);
    int place = 0;
    for (int host = 0; host < ends.length; host++) {
      for (; place < ends[host]; place++) {
        int at = Arrays.binarySearch(sorted, places[place]);
        while (at > 0 && sorted[at - 1] == sorted[at]) {
          at--;
        }
        while (owners[at] >= 0) {
          at++; // Two places with the same hash.
        }
        owners[at] = host;
      }
    }
    return owners;
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
