package dev.weir.http.route;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A request's path, taken apart.
///
/// @param path up to the query or fragment
/// @param query behind the question mark, without a fragment; null if there is none
public record PathText(String path, @Nullable String query) {

  /// Takes a `:path` apart.
  public static PathText of(String text) {
    int fragment = text.indexOf('#');
    var whole = fragment < 0 ? text : text.substring(0, fragment);
    int mark = whole.indexOf('?');
    return mark < 0
        ? new PathText(whole, null)
        : new PathText(whole.substring(0, mark), whole.substring(mark + 1));
  }

  /// The path without parameters behind a semicolon.
  public PathText withoutParameters() {
    int from = path.indexOf(';');
    return from < 0 ? this : new PathText(path.substring(0, from), query);
  }

  /// The first value of a query parameter, as it was sent; empty if it has none; null if it is
  /// absent.
  public @Nullable String parameter(String name) {
    if (query == null) {
      return null;
    }
    for (var pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      var key = equals < 0 ? pair : pair.substring(0, equals);
      if (key.equals(name)) {
        return equals < 0 ? "" : pair.substring(equals + 1);
      }
    }
    return null;
  }

  /// Undoes percent-encoding; the text itself where it is none.
  public static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }
}
