package dev.weir.lab;

import java.time.Duration;

/// Something that is sent to a listener of a proxy, over a connection of its own.
interface Question {
  /// What it is about.
  String name();

  /// The listener, by its number.
  int listener();

  /// Sends it.
  ///
  /// @param patience for the next byte of an answer
  /// @return how the connection was left, and all that came back
  String send(int port, Duration patience);
}
