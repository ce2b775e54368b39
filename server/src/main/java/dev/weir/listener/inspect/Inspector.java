package dev.weir.listener.inspect;

import dev.weir.connection.Connection;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

/// A listener filter. Shared by all connections; any worker.
public interface Inspector extends AutoCloseable {

  /// What a look has come to.
  enum Verdict {
    /// More bytes are needed.
    MORE,
    /// All that there is to learn is learnt.
    DONE,
    /// The connection is to be closed.
    REFUSE
  }

  /// Looks at everything that has come so far and was not taken away by a filter before: nothing at
  /// all, at first. What the filter wants to take away itself, it reads; the rest is passed on.
  Verdict inspect(ByteBuf sofar, Connection.Accepted connection);

  /// Completes, on any thread, when all is there that the filter needs.
  default CompletableFuture<Void> warm() {
    return CompletableFuture.completedFuture(null);
  }

  /// Gives up what the filter holds, once no new connection comes to it. Main loop.
  @Override
  default void close() {}
}
