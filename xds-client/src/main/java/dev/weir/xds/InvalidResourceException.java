package dev.weir.xds;

import java.util.List;

/// A resource that cannot be accepted. Thrown by decoders only; what it says becomes the NACK.
public final class InvalidResourceException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  /// One problem, as `path: reason`.
  public InvalidResourceException(String problem) {
    this(List.of(problem));
  }

  /// All problems that were found, each as `path: reason`; at least one.
  public InvalidResourceException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /// The problems, one by one.
  public List<String> problems() {
    return problems;
  }
}
