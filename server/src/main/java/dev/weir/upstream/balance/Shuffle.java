package dev.weir.upstream.balance;

/// The numbers below a bound in an order that depends on nothing but a seed: Envoy's, which
/// shuffles by the 32-bit Mersenne Twister of the C++ standard library. Held by one worker, used
/// again for each order.
final class Shuffle {
  private static final int STATE = 624;
  private static final int OFFSET = 397;
  private static final int UPPER = 0x8000_0000;
  private static final long RANGE = 1L << 32;

  private final int[] numbers;
  private final int[] state = new int[STATE];
  private int drawn;
  private int at;

  Shuffle(int bound) {
    numbers = new int[bound];
  }

  /// Begins the order of a seed, of which the lower 32 bits count.
  Shuffle begin(long seed) {
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    at = 0;
    state[0] = (int) seed;
    for (int i = 1; i < STATE; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
    drawn = STATE;
    return this;
  }

  /// The next number of the order; there are as many as the bound says.
  int next() {
    int other = at + below(numbers.length - at);
    int number = numbers[other];
    numbers[other] = numbers[at];
    numbers[at++] = number;
    return number;
  }

  /// Any number below the bound, each with the same chance.
  private int below(int bound) {
    long part = RANGE / bound;
    long number;
    do {
      number = Integer.toUnsignedLong(draw()) / part;
    } while (number >= bound);
    return (int) number;
  }

  private int draw() {
    if (drawn == STATE) {
      twist();
      drawn = 0;
    }
    int y = state[drawn++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int i = 0; i < STATE; i++) {
      int y = (state[i] & UPPER) | (state[(i + 1) % STATE] & ~UPPER);
      int mixed = (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
      state[i] = state[(i + OFFSET) % STATE] ^ mixed;
    }
  }
}
