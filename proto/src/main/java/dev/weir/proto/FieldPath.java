package dev.weir.proto;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The path of a field while a message is walked: `listeners[0].metadata.filter_metadata["key"]`.
/// It grows and shrinks with the walk, and is made a string only where there is something to say.
final class FieldPath {
  private static final Pattern STEP =
      Pattern.compile("\\[\"(?:[^\"\\\\]++|\\\\.)*+\"]|\\[[^\"\\]]*]|[^.\\[]+", Pattern.DOTALL);

  private final StringBuilder text;

  FieldPath(String root) {
    text = new StringBuilder(root);
  }

  /// The step into an item of a list.
  static String item(int index) {
    return "[" + index + "]";
  }

  /// The step into an entry of a map.
  static String entry(Object key) {
    return key instanceof String string
        ? "[\"" + string.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]"
        : "[" + key + "]";
  }

  /// What the path is made of, in the form of [#enter].
  static List<String> steps(String path) {
    return STEP.matcher(path).results().map(MatchResult::group).toList();
  }

  /// Goes into a field, an item or an entry.
  ///
  /// @return what [#leave] has to be given to come back
  int enter(String step) {
    var mark = text.length();
    if (mark > 0 && !step.startsWith("[")) {
      text.append('.');
    }
    text.append(step);
    return mark;
  }

  /// Goes into an item of a list, as [#enter] does.
  int enterItem(int index) {
    var mark = text.length();
    text.append('[').append(index).append(']');
    return mark;
  }

  void leave(int mark) {
    text.setLength(mark);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
