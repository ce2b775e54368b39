package dev.weir.proto;

import java.util.List;
import java.util.stream.Collectors;

/// A text that is no message. It carries all the mistakes that were found, not only the first.
public final class WireException extends Exception {
  private final List<WireError> errors;

  /// @param errors at least one, in the order of the text
  public WireException(List<WireError> errors) {
    super(errors.stream().map(WireError::toString).collect(Collectors.joining("\n")));
    this.errors = List.copyOf(errors);
  }

  /// The mistakes, in the order of the text.
  public List<WireError> errors() {
    return errors;
  }
}
