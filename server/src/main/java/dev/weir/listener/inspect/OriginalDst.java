package dev.weir.listener.inspect;

import dev.weir.connection.Connection;
import dev.weir.transport.OriginalDestination;
import dev.weir.transport.OriginalDestination.Outcome;
import io.netty.buffer.ByteBuf;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;

/// `envoy.filters.listener.original_dst`: restores the destination that a redirection by `iptables`
/// has hidden. Any worker.
final class OriginalDst implements Inspector {
  private static final System.Logger LOG = System.getLogger("filter");

  /// Whether it was said that nobody can tell.
  private volatile boolean told;

  @Override
  public Verdict inspect(ByteBuf sofar, Connection.Accepted connection) {
    switch (OriginalDestination.of(connection.channel())) {
      case Outcome.Found(var original) -> restore(original, connection);
      case Outcome.NotRedirected _ -> {}
      case Outcome.Unavailable(var reason) -> tell(reason);
    }
    return Verdict.DONE;
  }

  private static void restore(InetSocketAddress original, Connection.Accepted connection) {
    if (!original.equals(connection.info().localAddress())) {
      connection.info().restoreLocalAddress(original);
      connection.record().localAddress(original);
    }
  }

  private void tell(String reason) {
    if (!told) {
      told = true;
      LOG.log(
          Level.ERROR, "original_dst: connections keep the address that they came to: {0}", reason);
    }
  }
}
