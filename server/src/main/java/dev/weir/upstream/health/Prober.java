package dev.weir.upstream.health;

import dev.weir.upstream.host.Host;

/// Asks one host whether it is well. Main loop only; what it finds is told on any thread.
interface Prober {
  /// Asks, unless a question is under way, and keeps the time: no answer is an answer too.
  ///
  /// @param round what the outcome is to be told with
  void ask(int round);

  /// Gives up what is under way, of which nothing is told any more, and closes the connection.
  void stop();

  /// Who is told.
  interface Listener {
    /// A question was answered, or the connection of an earlier one was lost.
    ///
    /// @param round of the latest question
    void onOutcome(int round, ProbeOutcome outcome);
  }

  /// Makes the probers of one check.
  interface Maker {
    /// One for this host.
    Prober make(Host host, Listener listener);
  }
}
