package dev.weir.upstream.health;

import io.netty.channel.Channel;

/// What is said over one connection to a host. Its worker only.
interface Dialogue {

  /// Adds what is needed to a channel that is not connected yet.
  void install(Channel channel);

  /// Asks, over the channel now that it is connected.
  void ask(Channel channel);

  /// Whether a connection that the host closes while nothing was asked means that it is not well.
  boolean needsConnection();

  /// Who listens.
  interface Answers {
    /// The question has its answer.
    ///
    /// @param usable whether another question may be asked over this connection
    void onAnswer(ProbeOutcome outcome, boolean usable);

    /// Nothing more is to be asked over this connection.
    void onGoingAway();
  }

  /// Makes them.
  interface Maker {
    /// One for a new connection.
    Dialogue make(Answers answers);
  }
}
