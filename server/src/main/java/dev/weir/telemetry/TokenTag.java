package dev.weir.telemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tag that is one whole token of a name, tokens being what stands between dots.
///
/// In the pattern `*` is any token, `$` the tag's value, and `**` whatever follows; any other token
/// is itself.
///
/// @param pattern such as `cluster.$.**`
record TokenTag(String tag, String prefix, List<String> pattern) implements TagExtractor {

  static TokenTag of(String tag, String pattern) {
    var tokens = List.of(pattern.split("\\."));
    boolean anchored = !tokens.getFirst().equals("$") && !tokens.getFirst().equals("*");
    return new TokenTag(tag, anchored ? tokens.getFirst() + "." : "", tokens);
  }

  @Override
  public @Nullable Found find(String name) {
    int from = -1;
    int to = -1;
    int at = 0;
    for (var token : pattern) {
      if (token.equals("**")) {
        return from < 0 ? null : found(name, from, to);
      }
      if (at > name.length()) {
        return null;
      }
      int end = name.indexOf('.', at);
      end = end < 0 ? name.length() : end;
      if (token.equals("$")) {
        from = at;
        to = end;
      } else if (!token.equals("*")
          && !(end - at == token.length() && name.startsWith(token, at))) {
        return null;
      }
      at = end + 1;
    }
    return at == name.length() + 1 && from >= 0 ? found(name, from, to) : null;
  }

  /// The dot after the value goes with it; at the end of the name it is the dot before.
  private static Found found(String name, int from, int to) {
    String value = name.substring(from, to);
    return to < name.length()
        ? new Found(value, from, to + 1)
        : new Found(value, Math.max(0, from - 1), to);
  }
}
