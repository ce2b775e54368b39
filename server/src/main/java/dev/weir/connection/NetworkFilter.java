package dev.weir.connection;

/// A network filter of one filter chain, shared by all connections of that chain. Built on the main
/// loop, called on any worker.
public interface NetworkFilter extends AutoCloseable {

  /// A connection has come this far. The filter lets it go on by running `next`, now or later on
  /// the connection's worker; or closes it; or, being the last, takes it over.
  ///
  /// Nothing is read from the connection before its last filter asks for it.
  void onNewConnection(Connection connection, Runnable next);

  /// Gives up what the filter holds, once neither its chain nor a connection needs it. Main loop.
  @Override
  default void close() {}
}
