package dev.weir.proto;

import dev.weir.proto.Positions.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What reading one text brings to light besides the message.
final class Findings {
  private static final Comparator<WireError> IN_ORDER_OF_THE_TEXT =
      Comparator.comparingInt(WireError::line).thenComparingInt(WireError::column);

  private final OnUnknown onUnknown;
  private final List<WireError> errors = new ArrayList<>();
  private final List<WireError> warnings = new ArrayList<>();
  private final List<WireError> unknown = new ArrayList<>();

  Findings(OnUnknown onUnknown) {
    this.onUnknown = onUnknown;
  }

  /// A text that cannot be read any further.
  static WireException single(String message, Position at) {
    return new WireException(List.of(new WireError("", at.line(), at.column(), message)));
  }

  void error(Positions place, String message) {
    error(place, place.at(), message);
  }

  /// @param at where in the text, if not where the place begins
  void error(Positions place, Position at, String message) {
    errors.add(new WireError(place.path(), at.line(), at.column(), message));
  }

  void warn(Positions place, String message) {
    warn(place.path(), place.at(), message);
  }

  void warn(String path, Position at, String message) {
    warnings.add(new WireError(path, at.line(), at.column(), message));
  }

  /// A field or an enum value that the message does not have.
  void unknown(Positions place, String message) {
    unknown(new WireError(place.path(), place.at().line(), place.at().column(), message));
  }

  void unknown(WireError error) {
    switch (onUnknown) {
      case REJECT -> errors.add(error);
      case WARN -> unknown.add(error);
      case IGNORE -> {}
    }
  }

  /// @throws WireException if there are errors
  void refuse() throws WireException {
    if (!errors.isEmpty()) {
      errors.sort(IN_ORDER_OF_THE_TEXT);
      throw new WireException(errors);
    }
  }

  List<WireError> warnings() {
    return List.copyOf(warnings);
  }

  List<WireError> unknown() {
    return List.copyOf(unknown);
  }
}
