package dev.weir.connection.match;

import dev.weir.config.MatchInput;
import org.jspecify.annotations.Nullable;

/// What a matcher may look at.
public interface MatchFacts {
  /// The text of an input; null if there is none.
  @Nullable String text(MatchInput input);
}
