package dev.weir.xds;

import java.util.List;

/// One open stream: what was said on it, and how it is said. Nobody above can tell which of the two
/// protocols it is. Main loop only.
sealed interface XdsStream permits SotwStream, DeltaStream {
  /// Tells the control plane what is wanted of a type now, if it does not know.
  void request(Topic<?, ?> topic);

  /// Tells it what became of a response.
  ///
  /// @param problems none for an ACK
  /// @return whether it has also been told what is wanted now
  boolean answer(Topic<?, ?> topic, Response response, List<Rejected> problems);

  /// The last response has been dealt with.
  void receiveNext();

  /// Ends the stream, without an event.
  void close();
}
