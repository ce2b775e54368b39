package dev.weir.proto;

import java.util.Collection;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Guesses which name was meant by one that does not exist.
final class Similar {
  /// More would be another word.
  private static final int MAX_CHANGES = 2;

  private Similar() {}

  /// The name that differs least, by one or two letters; null if none is that near.
  static @Nullable String to(String written, Collection<String> names) {
    String nearest = null;
    var least = MAX_CHANGES + 1;
    for (var name : names) {
      if (Math.abs(name.length() - written.length()) >= least || name.length() <= MAX_CHANGES) {
        continue;
      }
      var changes = changes(written, name);
      if (changes < least) {
        nearest = name;
        least = changes;
      }
    }
    return nearest;
  }

  /// How many letters have to be put in, left out or replaced (Levenshtein's distance).
  private static int changes(String from, String to) {
    var above = IntStream.rangeClosed(0, to.length()).toArray();
    for (var i = 1; i <= from.length(); i++) {
      var row = new int[above.length];
      row[0] = i;
      for (var j = 1; j < row.length; j++) {
        var replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[to.length()];
  }
}
