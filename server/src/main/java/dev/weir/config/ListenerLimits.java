package dev.weir.config;

/// Limits of our own on whom a listener takes in (`dev.weir.settings.ListenerSettings`).
///
/// @param connections how many may be open at once
/// @param perSource how many of them may come from one address
/// @param whenFull how one that is too many is turned away
/// @param requireReadyUpstream does not listen before a host is healthy
public record ListenerLimits(
    long connections, long perSource, WhenFull whenFull, boolean requireReadyUpstream) {

  /// No number is too large.
  public static final long UNLIMITED = Long.MAX_VALUE;

  /// Takes in everybody.
  public static final ListenerLimits NONE =
      new ListenerLimits(UNLIMITED, UNLIMITED, WhenFull.CLOSE, false);

  /// How a connection is turned away that is one too many.
  public enum WhenFull {
    CLOSE,
    RESET,
    LEAVE_IN_BACKLOG
  }
}
