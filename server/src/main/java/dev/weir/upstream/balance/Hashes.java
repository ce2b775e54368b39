package dev.weir.upstream.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.openhft.hashing.LongHashFunction;

/// The hash functions that decide which host a connection goes to; Envoy's, bit by bit.
public final class Hashes {
  private static final LongHashFunction XX = LongHashFunction.xx();
  private static final LongHashFunction XX_SEED_1 = LongHashFunction.xx(1);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MURMUR_SEED = 0xc70f6907L;
  private static final long MURMUR_FACTOR = 0xc6a4a7935bd1e995L;

  private Hashes() {}

  /// xxHash64 with seed 0 of a text's UTF-8 bytes: what `hash_policy` makes of an address or a
  /// filter state object.
  public static long xx64(String text) {
    return XX.hashBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// xxHash64 of several texts, each with the hash of those before it as the seed.
  public static long xx64(List<String> texts) {
    long hash = 0;
    for (var text : texts) {
      hash = LongHashFunction.xx(hash).hashBytes(text.getBytes(StandardCharsets.UTF_8));
    }
    return hash;
  }

  /// xxHash64 with seed 0 of the first bytes of an array.
  static long xx64(byte[] bytes, int length) {
    return XX.hashBytes(bytes, 0, length);
  }

  /// xxHash64 with seed 1 of an array.
  static long xx64Seed1(byte[] bytes) {
    return XX_SEED_1.hashBytes(bytes);
  }

  /// The 64-bit MurmurHash2 with which libstdc++ hashes, of the first bytes of an array.
  static long murmur2(byte[] bytes, int length) {
    long hash = MURMUR_SEED ^ (length * MURMUR_FACTOR);
    int whole = length & ~7;
    for (int i = 0; i < whole; i += 8) {
      long part = shiftMix((long) LONGS.get(bytes, i) * MURMUR_FACTOR) * MURMUR_FACTOR;
      hash = (hash ^ part) * MURMUR_FACTOR;
    }
    if (whole < length) {
      long rest = 0;
      for (int i = length - 1; i >= whole; i--) {
        rest = (rest << 8) | (bytes[i] & 0xff);
      }
      hash = (hash ^ rest) * MURMUR_FACTOR;
    }
    return shiftMix(shiftMix(hash) * MURMUR_FACTOR);
  }

  private static long shiftMix(long value) {
    return value ^ (value >>> 47);
  }
}
