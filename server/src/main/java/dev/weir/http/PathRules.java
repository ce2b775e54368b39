package dev.weir.http;

import dev.weir.config.http.RequestRules;
import dev.weir.config.http.RequestRules.EscapedSlashes;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Brings paths into the form in which routes are looked for. Immutable; any worker.
final class PathRules {
  private final RequestRules.Path config;

  PathRules(RequestRules.Path config) {
    this.config = config;
  }

  /// What came of a path.
  sealed interface Result {
    /// It goes on so.
    record Path(String path) implements Result {}

    /// It is refused.
    record Refused() implements Result {}

    /// The client is to ask for this one.
    record Redirect(String path) implements Result {}
  }

  /// @param whole with its query
  Result apply(String whole) {
    int fragment = whole.indexOf('#');
    if (fragment >= 0) {
      return new Result.Refused();
    }
    int mark = whole.indexOf('?');
    var path = mark < 0 ? whole : whole.substring(0, mark);
    var rest = mark < 0 ? "" : whole.substring(mark);
    boolean unescaped = false;
    if (config.escapedSlashes() != EscapedSlashes.KEEP && hasEscapedSlash(path)) {
      if (config.escapedSlashes() == EscapedSlashes.REJECT) {
        return new Result.Refused();
      }
      path = unescapeSlashes(path);
      unescaped = true;
    }
    if (config.normalize()) {
      var normal = normalize(path);
      if (normal == null) {
        return new Result.Refused();
      }
      path = normal;
    }
    if (config.mergeSlashes()) {
      path = mergeSlashes(path);
    }
    var result = path + rest;
    return unescaped && config.escapedSlashes() == EscapedSlashes.UNESCAPE_AND_REDIRECT
        ? new Result.Redirect(result)
        : new Result.Path(result);
  }

  private static boolean hasEscapedSlash(String path) {
    for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
      if (isEscapedSlash(path, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEscapedSlash(String path, int percent) {
    return path.regionMatches(true, percent, "%2f", 0, 3)
        || path.regionMatches(true, percent, "%5c", 0, 3);
  }

  private static String unescapeSlashes(String path) {
    var out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '%' && isEscapedSlash(path, i)) {
        out.append(path.charAt(i + 1) == '2' ? '/' : '\\');
        i += 2;
      } else {
        out.append(path.charAt(i));
      }
    }
    return out.toString();
  }

  /// Resolves dots and turns backslashes, as browsers do (the URL standard): null if the path is
  /// none. Escaped characters that need no escape are unescaped.
  static @Nullable String normalize(String path) {
    if (!path.startsWith("/")) {
      return null;
    }
    var text = unescapeUnreserved(path.replace('\\', '/'));
    if (text == null) {
      return null;
    }
    var segments = new ArrayList<String>();
    var parts = text.substring(1).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      switch (parts[i]) {
        case "." -> {
          if (last) {
            segments.add("");
          }
        }
        case ".." -> {
          if (!segments.isEmpty()) {
            segments.removeLast();
          }
          if (last) {
            segments.add("");
          }
        }
        default -> segments.add(parts[i]);
      }
    }
    return "/" + String.join("/", segments);
  }

  private static @Nullable String unescapeUnreserved(String path) {
    int percent = path.indexOf('%');
    if (percent < 0) {
      return path;
    }
    var out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char character = path.charAt(i);
      if (character != '%') {
        out.append(character);
        continue;
      }
      int value = i + 2 < path.length() ? hex(path, i + 1) : -1;
      if (value == 0) {
        return null;
      }
      if (value > 0 && isUnreserved((char) value)) {
        out.append((char) value);
        i += 2;
      } else {
        out.append('%');
      }
    }
    return out.toString();
  }

  private static int hex(String text, int at) {
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static boolean isUnreserved(char character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || character == '-'
        || character == '.'
        || character == '_'
        || character == '~';
  }

  static String mergeSlashes(String path) {
    if (!path.contains("//")) {
      return path;
    }
    var out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char character = path.charAt(i);
      if (character != '/' || out.isEmpty() || out.charAt(out.length() - 1) != '/') {
        out.append(character);
      }
    }
    return out.toString();
  }
}
