package dev.weir.listener.inspect;

import dev.weir.config.AcceptPredicate;
import dev.weir.connection.Connection;
import dev.weir.connection.ConnectionInfo;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

/// A listener filter that leaves some connections alone. Any worker.
///
/// @param disabled for which connections it does nothing
record Unless(Inspector inspector, AcceptPredicate disabled) implements Inspector {
  @Override
  public Verdict inspect(ByteBuf sofar, Connection.Accepted connection) {
    return disabled.test(ConnectionInfo.port(connection.info().localAddress()))
        ? Verdict.DONE
        : inspector.inspect(sofar, connection);
  }

  @Override
  public CompletableFuture<Void> warm() {
    return inspector.warm();
  }

  @Override
  public void close() {
    inspector.close();
  }
}
