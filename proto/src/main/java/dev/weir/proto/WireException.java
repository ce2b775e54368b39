package dev.weir.proto;

import java.util.List;
import java.util.stream.Collectors;

/// A text that is no message. It carries all the mistakes that were found, not only the first.
public final class WireException extends Exception {
  private final List<WireError> errors;

  /// Carries the mistakes.
  ///
  /// @param errors at least one, in the order of the text
  public WireException(List<WireError> errors) {
    this.errors = List.copyOf(errors);
  }

  /// The mistakes, in the order of the text.
  public List<WireError> errors() {
    return errors;
  }

  /// One line for each mistake.
  @Override
  public String getMessage() {
    return errors.stream().map(WireError::toString).collect(Collectors.joining("\n"));
  }
}
