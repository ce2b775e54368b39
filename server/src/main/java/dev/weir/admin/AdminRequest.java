package dev.weir.admin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request to the admin interface.
///
/// @param method in capitals
/// @param path without the query
/// @param query the parameters in the order of the request; one without `=` has an empty value, of
///   two with one name the first counts
record AdminRequest(String method, String path, Map<String, String> query) {

  /// Takes the request target as it comes: operators type regular expressions into their shells, so
  /// `^ | ( ) $ \` are taken for themselves, and so is a `%` with no two hexadecimal digits.
  static AdminRequest of(String method, String target) {
    int mark = target.indexOf('?');
    if (mark < 0) {
      return new AdminRequest(method, target, Map.of());
    }
    var query = new LinkedHashMap<String, String>();
    for (var pair : target.substring(mark + 1).split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        var name = equals < 0 ? pair : pair.substring(0, equals);
        var value = equals < 0 ? "" : pair.substring(equals + 1);
        query.putIfAbsent(decode(name), decode(value));
      }
    }
    return new AdminRequest(method, target.substring(0, mark), query);
  }

  /// Whether there is such a parameter, with any value or none.
  boolean has(String name) {
    return query.containsKey(name);
  }

  /// The parameter's value; null where there is none, or an empty one, as of a form that was left
  /// blank.
  @Nullable String value(String name) {
    var value = query.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /// The parameter's value, or this one where [#value(String)] has none.
  String value(String name, String orElse) {
    var value = value(name);
    return value == null ? orElse : value;
  }

  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
      if (low >= 0) {
        out.write(high << 4 | low);
        i += 2;
      } else {
        out.write(bytes[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
