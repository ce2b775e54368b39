package dev.weir.proto;

import dev.weir.proto.Positions.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Reads JSON into a tree of [TextNode]s.
///
/// As the reference proxy, it also takes single quotes, names without quotes, a comma before a
/// closing bracket, and line breaks in strings. Numbers stay as they are written, so that no digit
/// is lost. (A YAML reader would have been no substitute: it folds line breaks, and ends names
/// after 1024 characters. Gson's does not tell where a value stands.)
final class JsonText {
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
  private static final String ESCAPED = "\"'\\/bfnrt";
  private static final String ESCAPES = "\"'\\/\b\f\n\r\t";

  private final String text;
  private int next;
  private int line = 1;
  private int lineStart;
  private int depth;

  private JsonText(String text) {
    this.text = text;
  }

  /// The one value of the text.
  static TextNode read(String text) throws WireException {
    var reader = new JsonText(text);
    var value = reader.value();
    reader.skipSpace();
    if (reader.next < text.length()) {
      throw reader.invalid("something follows the end");
    }
    return value;
  }

  private TextNode value() throws WireException {
    skipSpace();
    var at = here();
    return switch (peek()) {
      case '{' -> object(at);
      case '[' -> list(at);
      case '"', '\'' -> new TextNode.Text(string(), at);
      case 't', 'f', 'n' -> word(at);
      default -> number(at);
    };
  }

  private TextNode object(Position at) throws WireException {
    enter();
    var fields = new ArrayList<TextNode.Field>();
    while (another('}', fields.isEmpty())) {
      var nameAt = here();
      var name = peek() == '"' || peek() == '\'' ? string() : bareName();
      skipSpace();
      take(':');
      fields.add(new TextNode.Field(name, value(), nameAt));
    }
    depth--;
    return new TextNode.Fields(List.copyOf(fields), at);
  }

  private TextNode list(Position at) throws WireException {
    enter();
    var items = new ArrayList<TextNode>();
    while (another(']', items.isEmpty())) {
      items.add(value());
    }
    depth--;
    return new TextNode.Items(List.copyOf(items), at);
  }

  private void enter() throws WireException {
    next++;
    if (++depth > TextNode.MAX_DEPTH) {
      throw invalid("more than " + TextNode.MAX_DEPTH + " levels deep");
    }
  }

  /// Whether a collection goes on; takes the comma, or else the closing bracket.
  private boolean another(char close, boolean first) throws WireException {
    skipSpace();
    if (!first && peek() != close) {
      take(',');
      skipSpace();
    }
    if (peek() == close) {
      next++;
      return false;
    }
    return true;
  }

  private TextNode word(Position at) throws WireException {
    var word = bareName();
    return switch (word) {
      case "true" -> new TextNode.Bool(true, at);
      case "false" -> new TextNode.Bool(false, at);
      case "null" -> new TextNode.Null(at);
      default -> throw Findings.single("not JSON: unexpected '" + word + "'", at);
    };
  }

  private TextNode number(Position at) throws WireException {
    var match = NUMBER.matcher(text).region(next, text.length());
    if (!match.lookingAt()) {
      throw invalid(next < text.length() ? "unexpected '" + peek() + "'" : "the end is missing");
    }
    next = match.end();
    if (isNamePart(peek()) || peek() == '.') {
      throw invalid("unexpected '" + peek() + "' in a number");
    }
    return new TextNode.Numeral(match.group(), at);
  }

  private String bareName() throws WireException {
    if (!isNamePart(peek()) || Character.isDigit(peek())) {
      throw invalid("a name is missing");
    }
    var start = next;
    while (isNamePart(peek())) {
      next++;
    }
    return text.substring(start, next);
  }

  private static boolean isNamePart(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }

  private String string() throws WireException {
    var quote = text.charAt(next++);
    var result = new StringBuilder();
    for (char c; (c = peek()) != quote; ) {
      if (next >= text.length()) {
        throw invalid("a string has no end");
      }
      next++;
      if (c == '\n') {
        line++;
        lineStart = next;
      }
      result.append(c == '\\' ? escape() : c);
    }
    next++;
    return paired(result.toString());
  }

  private char escape() throws WireException {
    var c = peek();
    next++;
    if (c == 'u') {
      return unicode();
    }
    var known = ESCAPED.indexOf(c);
    if (known < 0) {
      throw invalid("unknown escape '\\" + c + "'");
    }
    return ESCAPES.charAt(known);
  }

  private char unicode() throws WireException {
    var code = 0;
    for (var end = next + 4; next < end; next++) {
      var digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw invalid("'\\u' needs four hexadecimal digits");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  /// Half a surrogate pair is no character, and could not be sent as UTF-8.
  private String paired(String string) throws WireException {
    for (var i = 0; i < string.length(); i++) {
      if (Character.isSurrogate(string.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(string.codePointAt(i))) {
          throw invalid("half of a surrogate pair");
        }
        i++;
      }
    }
    return string;
  }

  private void take(char expected) throws WireException {
    if (peek() != expected || next >= text.length()) {
      throw invalid("'" + expected + "' is missing");
    }
    next++;
  }

  /// The next character; 0 at the end.
  private char peek() {
    return next < text.length() ? text.charAt(next) : 0;
  }

  private void skipSpace() {
    for (; next < text.length(); next++) {
      switch (text.charAt(next)) {
        case '\n' -> {
          line++;
          lineStart = next + 1;
        }
        case ' ', '\t', '\r' -> {}
        default -> {
          return;
        }
      }
    }
  }

  private Position here() {
    return new Position(line, next - lineStart + 1);
  }

  private WireException invalid(String problem) {
    return Findings.single("not JSON: " + problem, here());
  }
}
