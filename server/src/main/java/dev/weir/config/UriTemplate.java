package dev.weir.config;

import com.google.re2j.Pattern;
import dev.weir.xds.InvalidResourceException;
import java.util.ArrayList;
import java.util.List;

/// A template of paths: `/a/*/{name}/{rest=x/**}.html`
/// (`envoy.extensions.path.match.uri_template.v3`).
///
/// `*` is one piece between slashes, `**` any number of them, and comes last; a name in braces
/// keeps what is found.
///
/// @param pattern matches whole paths, with a group for each name
/// @param names of the groups, in order
public record UriTemplate(Pattern pattern, List<String> names) {
  private static final String PIECE = "a-zA-Z0-9\\-._~%!$&'()*+,;:@=";
  private static final String ONE = "[" + PIECE + "]+";
  private static final String MANY = "[" + PIECE + "/]*";
  private static final Pattern LITERAL = Pattern.compile("[" + PIECE + "]*");
  private static final Pattern REPLACEMENT = Pattern.compile("[" + PIECE + "/]*");
  private static final Pattern WHOLE = Pattern.compile("/[!-~]*");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,15}");
  private static final int MOST_NAMES = 5;

  /// Reads a template.
  ///
  /// @throws InvalidResourceException if it is none
  public static UriTemplate parse(String text, Field at) throws InvalidResourceException {
    at.require(WHOLE.matches(text), "Invalid pattern");
    var reader = new Reader(text, at);
    var pattern = reader.read();
    at.require(
        reader.names.size() <= MOST_NAMES, "Exceeded variable count limit (" + MOST_NAMES + ")");
    return new UriTemplate(Pattern.compile("^" + pattern + "$"), List.copyOf(reader.names));
  }

  /// Reads what a path becomes, such as `/x/{name}`.
  ///
  /// @return the replacement of what the pattern matches, in Java's words
  /// @throws InvalidResourceException if it is none, or names what is not kept
  public String replacement(String text, Field at) throws InvalidResourceException {
    at.require(
        text.startsWith("/") && !text.contains("//"), "must begin with a slash, and with one only");
    var java = new StringBuilder();
    int from = 0;
    for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
      java.append(literal(text.substring(from, open), at));
      int close = text.indexOf('}', open);
      at.require(close > 0, "Unmatched variable bracket");
      int group = names.indexOf(text.substring(open + 1, close)) + 1;
      at.require(group > 0, "Nonexisting variable name");
      java.append('$').append(group);
      from = close + 1;
    }
    return java.append(literal(text.substring(from), at)).toString();
  }

  private static String literal(String text, Field at) throws InvalidResourceException {
    at.require(REPLACEMENT.matches(text), "Invalid rewrite literal");
    return text.replace("$", "\\$");
  }

  /// One reading of a template.
  private static final class Reader {
    private final List<String> names = new ArrayList<>();
    private final String text;
    private final Field at;
    private int place;
    private boolean many;

    Reader(String text, Field at) {
      this.text = text;
      this.at = at;
    }

    String read() throws InvalidResourceException {
      var pattern = new StringBuilder();
      while (place < text.length()) {
        place++; // the slash
        pattern.append('/');
        if (place < text.length()) {
          pattern.append(piece());
        }
        if (place < text.length() && text.charAt(place) != '/') {
          pattern.append(literal(text.length()));
        }
      }
      return pattern.toString();
    }

    private String piece() throws InvalidResourceException {
      char first = text.charAt(place);
      if (first == '{') {
        return variable();
      }
      return first == '*' ? glob() : literal(slash(text.length()));
    }

    private int slash(int end) {
      int slash = text.indexOf('/', place);
      return slash < 0 || slash > end ? end : slash;
    }

    private String glob() throws InvalidResourceException {
      at.require(!many, "Glob after text glob");
      many = text.startsWith("**", place);
      place += many ? 2 : 1;
      return many ? MANY : ONE;
    }

    private String literal(int end) throws InvalidResourceException {
      var literal = text.substring(place, end);
      at.require(!literal.isEmpty() && LITERAL.matches(literal), "Invalid literal");
      place = end;
      return Pattern.quote(literal);
    }

    private String variable() throws InvalidResourceException {
      int close = text.indexOf('}', place);
      at.require(close > 0, "Unmatched variable bracket");
      int equals = text.indexOf('=', place);
      boolean own = equals > 0 && equals < close;
      var name = text.substring(place + 1, own ? equals : close);
      at.require(NAME.matches(name), "Invalid variable name: " + name);
      at.require(!names.contains(name), "Repeated variable name: " + name);
      names.add(name);
      at.require(!many, "Implicit variable path glob after text glob.");
      var pattern = ONE;
      if (own) {
        place = equals + 1;
        pattern = pieces(close);
      }
      place = close + 1;
      return "(" + pattern + ")";
    }

    private String pieces(int end) throws InvalidResourceException {
      at.require(place < end, "Empty variable match");
      var pattern = new StringBuilder();
      while (place < end) {
        at.require(text.charAt(place) != '{', "Invalid variable match");
        pattern.append(text.charAt(place) == '*' ? glob() : literal(slash(end)));
        if (place < end) {
          at.require(text.charAt(place) == '/' && place + 1 < end, "Invalid variable match");
          pattern.append('/');
          place++;
        }
      }
      return pattern.toString();
    }
  }
}
