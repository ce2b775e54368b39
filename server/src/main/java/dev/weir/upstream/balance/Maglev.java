package dev.weir.upstream.balance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// A table in which hosts take slots in turn, each along an order of its own; a hash leads to a
/// slot. Immutable.
///
/// From "Maglev: A Fast and Reliable Software Network Load Balancer" (Eisenbud et al., NSDI 2016),
/// with Envoy's weights: a host has its turn in a round only once its weight, summed up over the
/// rounds, has caught up with that of the heaviest.
final class Maglev implements HashTable {
  private final int slots;
  private final PackedInts owners;
  private final Size size;

  /// How many slots a host has, at least and at most.
  record Size(long least, long most) {}

  /// A host while the table is filled.
  private static final class Turn {
    private final int host;
    private final byte[] key;
    private final double weight;
    private final int skip;
    private int slot;
    private double target;
    private long taken;

    Turn(int host, byte[] key, double weight, int slots) {
      this.host = host;
      this.key = key;
      this.weight = weight;
      this.slot = (int) Long.remainderUnsigned(Hashes.xx64(key, key.length), slots);
      this.skip = (int) Long.remainderUnsigned(Hashes.xx64Seed1(key), slots - 1) + 1;
    }

    /// Goes on to the next slot of the host's own order.
    void skip(int slots) {
      long next = (long) slot + skip;
      slot = (int) (next < slots ? next : next - slots);
    }
  }

  private Maglev(int slots, PackedInts owners, Size size) {
    this.slots = slots;
    this.owners = owners;
    this.size = size;
  }

  /// A table for at least one host.
  ///
  /// @param slots a prime
  static Maglev of(HashWeights weights, int slots, boolean useHostname) {
    var keys = weights.keys(useHostname);
    var turns = new ArrayList<Turn>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      turns.add(new Turn(i, keys.get(i), weights.weight(i), slots));
    }
    turns.sort(Comparator.comparing(turn -> turn.key, Arrays::compareUnsigned));
    var owners = fill(turns, weights.most(), slots);
    var taken = turns.stream().mapToLong(turn -> turn.taken).summaryStatistics();
    return new Maglev(slots, owners, new Size(taken.getMin(), taken.getMax()));
  }

  private static PackedInts fill(List<Turn> turns, double most, int slots) {
    var owners = new PackedInts(slots, turns.size() - 1);
    var used = new boolean[slots];
    int left = slots;
    for (long round = 1; left > 0; round++) {
      for (var turn : turns) {
        if (left == 0) {
          break;
        }
        if (round * turn.weight < turn.target) {
          continue;
        }
        turn.target += most;
        while (used[turn.slot]) {
          turn.skip(slots);
        }
        used[turn.slot] = true;
        owners.set(turn.slot, turn.host);
        turn.taken++;
        left--;
      }
    }
    return owners;
  }

  @Override
  public int at(long hash) {
    return owners.get((int) Long.remainderUnsigned(hash, slots));
  }

  Size size() {
    return size;
  }
}
