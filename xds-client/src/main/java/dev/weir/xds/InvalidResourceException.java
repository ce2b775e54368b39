package dev.weir.xds;

import java.util.List;

/// A resource that cannot be put into force. Thrown by decoders only.
///
/// It carries all the problems that were found, not only the first.
public final class InvalidResourceException extends Exception {
  private final List<String> problems;
  private final boolean malformed;

  private InvalidResourceException(List<String> problems, boolean malformed) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
    this.malformed = malformed;
  }

  /// One thing is wrong.
  ///
  /// @param reason what, with the path of the field: `filter_chains[0].filters: …`
  public InvalidResourceException(String reason) {
    this(List.of(reason), false);
  }

  /// Several things are wrong.
  ///
  /// @param problems at least one, each `PATH: REASON`
  public InvalidResourceException(List<String> problems) {
    this(problems, false);
  }

  /// The resource's own message, without what is packed inside it, breaks a rule of its `.proto`
  /// file. Where it came from a file, nothing of that file is applied then.
  ///
  /// @param problems at least one, each `PATH: REASON`
  public static InvalidResourceException malformed(List<String> problems) {
    return new InvalidResourceException(problems, true);
  }

  /// What is wrong, each `PATH: REASON`.
  public List<String> problems() {
    return problems;
  }

  /// Whether it was made by [#malformed].
  public boolean isMalformed() {
    return malformed;
  }
}
