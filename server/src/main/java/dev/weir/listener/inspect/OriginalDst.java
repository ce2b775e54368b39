package dev.weir.listener.inspect;

import dev.weir.connection.Connection;
import dev.weir.transport.OriginalDestination;
import io.netty.buffer.ByteBuf;

/// `envoy.filters.listener.original_dst`: restores the destination that a redirection by `iptables`
/// has hidden. Any worker.
final class OriginalDst implements Inspector {
  @Override
  public Verdict inspect(ByteBuf sofar, Connection.Accepted connection) {
    var original = OriginalDestination.of(connection.channel());
    if (original != null && !original.equals(connection.info().localAddress())) {
      connection.info().restoreLocalAddress(original);
      connection.record().localAddress(original);
    }
    return Verdict.DONE;
  }
}
