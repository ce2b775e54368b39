package dev.weir.listener;

/// How the connections of a drain are ended in the course of its time (`--drain-strategy`).
public enum DrainStrategy {
  /// One by one, spread over the time, the idle ones first; a protocol that can ask its clients to
  /// leave asks ever more of them.
  GRADUAL,
  /// A protocol that can ask its clients to leave asks all of them at once; what is left when the
  /// time is over is closed then.
  IMMEDIATE
}
