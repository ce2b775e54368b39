package dev.weir.bootstrap;

import dev.weir.proto.WireError;
import java.util.List;
import java.util.stream.Collectors;

/// A start configuration with which we cannot start. It carries all the problems that were found,
/// not only the first.
public final class BootstrapException extends Exception {
  private final List<WireError> problems;

  /// @param problems at least one, with line and column where they came from a single text
  public BootstrapException(List<WireError> problems) {
    super(problems.stream().map(WireError::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /// A problem with all of it.
  static BootstrapException of(String problem) {
    return new BootstrapException(List.of(new WireError("", 0, 0, problem)));
  }

  /// What is wrong.
  public List<WireError> problems() {
    return problems;
  }
}
