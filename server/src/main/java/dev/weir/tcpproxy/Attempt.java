package dev.weir.tcpproxy;

import dev.weir.telemetry.ConnectionRecord;
import dev.weir.transport.DialOptions;
import dev.weir.transport.TimerWheel;
import dev.weir.upstream.connect.TcpUpstream;

/// An attempt to reach an upstream. The connection's worker only.
interface Attempt {
  /// Begins it. It may end before this returns.
  void begin();

  /// How long it may take from its beginning, in milliseconds; [TimerWheel#NEVER] for ever.
  long timeoutMillis();

  /// It has taken too long.
  void timedOut();

  /// It is not wanted any more.
  ///
  /// @param record of the client's connection, which is told how far it has come
  void cancel(ConnectionRecord record);

  /// An attempt to connect, and nothing more.
  ///
  /// @param asked what is asked of the transport
  record Direct(TcpUpstream upstream, DialOptions asked) implements Attempt {
    @Override
    public void begin() {
      upstream.connect(asked);
    }

    /// The connect timeout begins with the connect, for which others may have to be waited.
    @Override
    public long timeoutMillis() {
      return TimerWheel.NEVER;
    }

    @Override
    public void timedOut() {
      upstream.timedOut();
    }

    @Override
    public void cancel(ConnectionRecord record) {
      record.upstream().attemptCancelled();
      upstream.close();
    }
  }
}
