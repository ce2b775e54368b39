package dev.weir.upstream.balance;

import dev.weir.config.MetadataValue;
import dev.weir.config.SubsetMatch;
import java.util.Map;

/// A [SubsetMatch] made ready for looking up: one text for all its pairs. Made once when
/// configuration is loaded, not per connection.
public final class SubsetKey {
  /// Asks for no subset.
  public static final SubsetKey NONE = new SubsetKey(SubsetMatch.NONE, "");

  private final SubsetMatch match;
  private final String text;

  private SubsetKey(SubsetMatch match, String text) {
    this.match = match;
    this.text = text;
  }

  /// The key of a match.
  public static SubsetKey of(SubsetMatch match) {
    if (match.criteria().isEmpty()) {
      return NONE;
    }
    return new SubsetKey(match, textOf(match.criteria()));
  }

  /// What was asked for.
  public SubsetMatch match() {
    return match;
  }

  /// The text of its pairs; empty if there are none.
  String text() {
    return text;
  }

  /// The same text for equal pairs, whatever their order, and for no others.
  static String textOf(Map<String, MetadataValue> pairs) {
    return CanonicalText.of(new MetadataValue.Fields(pairs));
  }

  @Override
  public String toString() {
    return text;
  }
}
