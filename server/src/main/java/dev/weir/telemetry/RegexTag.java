package dev.weir.telemetry;

import dev.weir.config.TagRegex;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A tag that a regular expression finds: its first group is cut out of the name, its second, or
/// else its first, is the value.
///
/// @param hint a name without this text has no such tag, which is quicker to see; may be empty
record RegexTag(String tag, String prefix, String hint, Pattern pattern) implements TagExtractor {
  private static final Pattern ANCHORED =
      Pattern.compile("\\^(\\w+)(?:\\\\\\.|\\(\\?=\\\\\\.\\)).*");

  static RegexTag of(String tag, String hint, String regex) {
    var anchored = ANCHORED.matcher(regex);
    String prefix = anchored.matches() ? anchored.group(1) + "." : "";
    return new RegexTag(tag, prefix, hint, TagRegex.compile(regex));
  }

  @Override
  public @Nullable Found find(String name) {
    if (!name.contains(hint)) {
      return null;
    }
    var matcher = pattern.matcher(name);
    if (matcher.groupCount() == 0 || !matcher.find() || matcher.start(1) < 0) {
      return null;
    }
    String value = matcher.groupCount() > 1 ? matcher.group(2) : matcher.group(1);
    return value == null ? null : new Found(value, matcher.start(1), matcher.end(1));
  }
}
