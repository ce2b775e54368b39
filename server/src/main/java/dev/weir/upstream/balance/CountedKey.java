package dev.weir.upstream.balance;

import java.util.Arrays;

/// Hashes `key_0`, then `key_1` and so on, without making a text of each.
final class CountedKey {
  private static final int MOST_DIGITS = 10;

  private final byte[] text;
  private final int number;
  private int length;

  CountedKey(byte[] key) {
    number = key.length + 1;
    text = Arrays.copyOf(key, number + MOST_DIGITS);
    text[number - 1] = '_';
    text[number] = '0';
    length = number + 1;
  }

  /// The hash for the present number, which then goes up by one.
  long next(boolean murmur) {
    long hash = murmur ? Hashes.murmur2(text, length) : Hashes.xx64(text, length);
    countUp();
    return hash;
  }

  private void countUp() {
    int at = length - 1;
    while (at >= number && text[at] == '9') {
      text[at--] = '0';
    }
    if (at >= number) {
      text[at]++;
    } else {
      text[number] = '1';
      text[length++] = '0';
    }
  }
}
