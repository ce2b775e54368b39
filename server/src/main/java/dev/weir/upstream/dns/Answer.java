package dev.weir.upstream.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/// What became of a question.
public sealed interface Answer {

  /// The name's addresses at present; none if it has none or does not exist.
  ///
  /// @param ttl for how long they hold, at least; zero if that is not known
  record Found(List<InetAddress> addresses, Duration ttl) implements Answer {
    /// No addresses.
    public static final Found NOTHING = new Found(List.of(), Duration.ZERO);
  }

  /// Nobody could tell: a timeout, or a server that has trouble.
  record Failed(String reason) implements Answer {}
}
