package dev.weir.upstream.balance;

import java.nio.charset.StandardCharsets;
import net.openhft.hashing.LongHashFunction;

/// The hash functions that decide which host a connection goes to; Envoy's, bit by bit.
public final class Hashes {
  private static final LongHashFunction XX = LongHashFunction.xx();

  private Hashes() {}

  /// xxHash64 with seed 0 of a text's UTF-8 bytes: what `hash_policy` makes of an address or a
  /// filter state object.
  public static long xx64(String text) {
    return XX.hashBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
