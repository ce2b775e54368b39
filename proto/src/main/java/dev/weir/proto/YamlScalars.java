package dev.weir.proto;

import dev.weir.proto.Positions.Position;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a YAML scalar is. The rules are those of the reference proxy, not those of the YAML
/// specification: `yes` and `on` are booleans, `0x10` and `010` are whole numbers, and whatever has
/// a fraction or an exponent is text.
final class YamlScalars {
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE = Set.of("y", "yes", "true", "on");
  private static final Set<String> FALSE = Set.of("n", "no", "false", "off");
  private static final Pattern WHOLE =
      Pattern.compile("([+-]?)(?:0[xX]([0-9a-fA-F]{1,16})|0([0-7]{1,22})|(0|[1-9][0-9]{0,18}))");

  /// Whole numbers from here on stay text, since a double cannot tell them apart.
  private static final long EXACT = 1L << 53;

  private YamlScalars() {}

  /// @param tag the explicit tag, if any; all but `!` are as good as none, save that a tagged
  ///   scalar is never null
  static TextNode resolve(String text, boolean plain, @Nullable String tag, Position at) {
    if ("!".equals(tag) || (tag == null && !plain)) {
      return new TextNode.Text(text, at);
    }
    if (tag == null && isNull(text)) {
      return new TextNode.Null(at);
    }
    var bool = bool(text);
    if (bool != null) {
      return new TextNode.Bool(bool, at);
    }
    var whole = whole(text);
    if (whole != null && -EXACT < whole && whole < EXACT) {
      return new TextNode.Numeral(Long.toString(whole), at);
    }
    return new TextNode.Text(whole == null ? text : Long.toString(whole), at);
  }

  static boolean isNull(String text) {
    return NULLS.contains(text);
  }

  /// In small letters, in capitals, or with a capital first, but in no other mixture.
  private static @Nullable Boolean bool(String text) {
    if (text.isEmpty() || text.length() > "false".length()) {
      return null;
    }
    var small = text.toLowerCase(Locale.ROOT);
    var rest = text.substring(1);
    var even = rest.equals(small.substring(1));
    var capitals = text.equals(text.toUpperCase(Locale.ROOT));
    if (!even && !capitals) {
      return null;
    }
    return TRUE.contains(small) ? Boolean.TRUE : FALSE.contains(small) ? Boolean.FALSE : null;
  }

  private static @Nullable Long whole(String text) {
    var match = WHOLE.matcher(text);
    if (!match.matches()) {
      return null;
    }
    var hex = match.group(2);
    var octal = match.group(3);
    var digits = hex != null ? hex : octal != null ? octal : match.group(4);
    try {
      return Long.parseLong(match.group(1) + digits, hex != null ? 16 : octal != null ? 8 : 10);
    } catch (NumberFormatException _) {
      return null; // more than 64 bits
    }
  }
}
