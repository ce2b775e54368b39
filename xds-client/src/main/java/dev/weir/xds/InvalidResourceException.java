package dev.weir.xds;

import dev.weir.proto.Violation;
import java.util.List;
import java.util.stream.Collectors;

/// A resource that cannot be put into force. Thrown by decoders only.
///
/// It carries all the problems that were found, not only the first.
public final class InvalidResourceException extends Exception {
  private final List<Violation> violations;
  private final boolean malformed;

  private InvalidResourceException(List<Violation> violations, boolean malformed) {
    super(violations.stream().map(Violation::toString).collect(Collectors.joining("; ")));
    this.violations = List.copyOf(violations);
    this.malformed = malformed;
  }

  /// The resource as a whole is wrong.
  ///
  /// @param reason in what way
  public InvalidResourceException(String reason) {
    this(List.of(new Violation("", reason)), false);
  }

  /// Several things are wrong.
  ///
  /// @param violations at least one
  public InvalidResourceException(List<Violation> violations) {
    this(violations, false);
  }

  /// The resource's own message, without what is packed inside it, breaks a rule of its `.proto`
  /// file. Where it came from a file, nothing of that file is applied then.
  ///
  /// @param violations at least one
  public static InvalidResourceException malformed(List<Violation> violations) {
    return new InvalidResourceException(violations, true);
  }

  /// What is wrong, field by field.
  public List<Violation> violations() {
    return violations;
  }

  /// What is wrong, each `PATH: REASON`.
  public List<String> problems() {
    return violations.stream().map(Violation::toString).toList();
  }

  /// Whether it was made by [#malformed].
  public boolean isMalformed() {
    return malformed;
  }
}
