package dev.weir.connection;

import java.util.concurrent.CompletableFuture;

/// A network filter of one filter chain, shared by all connections of that chain. Built on the main
/// loop, called on any worker.
public interface NetworkFilter extends AutoCloseable {

  /// A connection has come this far. The filter lets it go on by running `next`, now or later on
  /// the connection's worker; or closes it; or, being the last, takes it over.
  ///
  /// Nothing is read from the connection before its last filter asks for it.
  void onNewConnection(Connection connection, Runnable next);

  /// A connection has been matched to the chain, and its transport's handshake is about to begin:
  /// [#onNewConnection] comes after that, or never. For what has to be known of connections that do
  /// not get that far, such as where to log them.
  default void onMatched(Connection connection) {}

  /// Whether it has no configuration yet: nobody may come in then.
  default boolean isMissing() {
    return false;
  }

  /// Completes, on any thread, when all is there that the filter needs to serve a connection.
  default CompletableFuture<Void> warm() {
    return CompletableFuture.completedFuture(null);
  }

  /// Gives up what the filter holds, once neither its chain nor a connection needs it. Main loop.
  @Override
  default void close() {}
}
