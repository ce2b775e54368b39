package dev.weir.listener;

import dev.weir.connection.Connection;
import io.netty.buffer.ByteBuf;

/// A listener filter that looks at what a client sends first. Shared by all connections; any
/// worker.
interface Inspector {

  /// What a look has come to.
  enum Verdict {
    /// More bytes are needed.
    MORE,
    /// All that there is to learn is learnt.
    DONE,
    /// The connection is to be closed.
    REFUSE
  }

  /// Looks at everything that has come so far, and takes nothing away.
  Verdict inspect(ByteBuf sofar, Connection.Accepted connection);
}
