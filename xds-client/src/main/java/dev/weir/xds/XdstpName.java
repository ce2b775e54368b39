package dev.weir.xds;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A resource name with parts: `xdstp://AUTHORITY/TYPE/ID?KEY=VALUE&…` (xDS-TP). An id whose last
/// segment is `*` names a collection: all resources that have their own last segment in its place,
/// and the same everything else.
///
/// @param authority whom to ask; may be empty
/// @param resourceType full name of the message
/// @param id may hold slashes
/// @param context parameters
public record XdstpName(
    String authority, String resourceType, String id, Map<String, String> context) {
  private static final String SCHEME = "xdstp:";
  private static final String ANY = "*";

  // What each part cannot hold as it is.
  private static final String AUTHORITY_RESERVED = "%/?#";
  private static final String ID_RESERVED = "%:?#[]";
  private static final String CONTEXT_RESERVED = "%#[]&=";

  /// Copies the map.
  public XdstpName {
    context = Map.copyOf(context);
  }

  /// Whether a name is meant to be one of these.
  public static boolean is(String name) {
    return name.startsWith(SCHEME);
  }

  /// Takes a name apart.
  ///
  /// @throws IllegalArgumentException if it is none of these; the message is for people to read
  public static XdstpName parse(String name) {
    var start = SCHEME + "//";
    require(name.startsWith(start), name, "does not begin with " + start);
    require(name.indexOf('#') < 0, name, "directives (#…) are not supported");
    var question = name.indexOf('?');
    var end = question < 0 ? name.length() : question;
    var slash = name.indexOf('/', start.length());
    require(slash >= 0 && slash + 1 < end, name, "Resource type missing");
    var typeEnd = name.indexOf('/', slash + 1);
    if (typeEnd < 0 || typeEnd > end) {
      typeEnd = end;
    }
    require(typeEnd > slash + 1, name, "Resource type missing");
    return new XdstpName(
        decoded(name.substring(start.length(), slash)),
        name.substring(slash + 1, typeEnd),
        decoded(name.substring(Math.min(typeEnd + 1, end), end)),
        context(question < 0 ? "" : name.substring(question + 1)));
  }

  private static void require(boolean holds, String name, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("'" + name + "': " + otherwise);
    }
  }

  private static Map<String, String> context(String query) {
    var context = new HashMap<String, String>();
    for (var parameter : query.split("&", -1)) {
      if (!parameter.isEmpty()) {
        var equals = parameter.indexOf('=');
        var key = equals < 0 ? parameter : parameter.substring(0, equals);
        var value = equals < 0 ? "" : parameter.substring(equals + 1);
        context.putIfAbsent(decoded(key), decoded(value));
      }
    }
    return context;
  }

  /// The one text that all spellings of a name have in common. Any other name is its own.
  public static String canonical(String name) {
    if (!is(name)) {
      return name;
    }
    try {
      return parse(name).toString();
    } catch (IllegalArgumentException _) {
      return name;
    }
  }

  /// Whether a canonical name is that of a collection.
  static boolean isCollection(String canonical) {
    return is(canonical) && lastSegment(canonical).equals(ANY);
  }

  /// The collection that a canonical name belongs to; null if it cannot belong to any.
  static @Nullable String collectionOf(String canonical) {
    if (!is(canonical) || isCollection(canonical)) {
      return null;
    }
    var end = endOfPath(canonical);
    return canonical.substring(0, canonical.lastIndexOf('/', end - 1) + 1)
        + ANY
        + canonical.substring(end);
  }

  private static String lastSegment(String canonical) {
    var end = endOfPath(canonical);
    return canonical.substring(canonical.lastIndexOf('/', end - 1) + 1, end);
  }

  private static int endOfPath(String canonical) {
    var question = canonical.indexOf('?');
    return question < 0 ? canonical.length() : question;
  }

  /// Whether this names a collection.
  public boolean isCollection() {
    return id.equals(ANY) || id.endsWith("/" + ANY);
  }

  /// The canonical text.
  @Override
  public String toString() {
    var path = encoded(id, ID_RESERVED);
    var query =
        context.entrySet().stream()
            .map(it -> encodedInContext(it.getKey()) + "=" + encodedInContext(it.getValue()))
            .sorted()
            .collect(Collectors.joining("&"));
    return SCHEME
        + "//"
        + encoded(authority, AUTHORITY_RESERVED)
        + "/"
        + resourceType
        + (path.isEmpty() ? "" : "/" + path)
        + (query.isEmpty() ? "" : "?" + query);
  }

  private static String encodedInContext(String text) {
    return encoded(text, CONTEXT_RESERVED);
  }

  private static String encoded(String text, String reserved) {
    var encoded = new StringBuilder(text.length());
    for (var each : text.getBytes(StandardCharsets.UTF_8)) {
      if (each >= ' ' && each < '~' && reserved.indexOf(each) < 0) {
        encoded.append((char) each);
      } else {
        encoded.append("%%%02X".formatted(each));
      }
    }
    return encoded.toString();
  }

  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      var value = bytes[i] == '%' && i + 2 < bytes.length ? hex(bytes[i + 1], bytes[i + 2]) : -1;
      decoded.write(value < 0 ? bytes[i] : value);
      i += value < 0 ? 0 : 2;
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }

  private static int hex(byte high, byte low) {
    var highDigit = Character.digit(high, 16);
    var lowDigit = Character.digit(low, 16);
    return highDigit < 0 || lowDigit < 0 ? -1 : highDigit << 4 | lowDigit;
  }
}
