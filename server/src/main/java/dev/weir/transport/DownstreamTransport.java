package dev.weir.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.CompletableFuture;

/// The live transport socket of a filter chain: how bytes travel between a client and us. Made on
/// the main loop; any worker accepts with it.
public interface DownstreamTransport {
  /// Bytes as they are.
  DownstreamTransport PLAINTEXT =
      new DownstreamTransport() {
        @Override
        public boolean isPlaintext() {
          return true;
        }

        @Override
        public void accept(Channel channel, ChannelPromise ready) {
          ready.setSuccess();
        }
      };

  /// Whether there is nothing to wait for.
  boolean isPlaintext();

  /// Begins the handshake on a channel that has been accepted and reads nothing yet. What handlers
  /// hold that are in its pipeline already comes first. On the channel's worker.
  ///
  /// Afterwards the channel looks like any other: handlers that are added later see plaintext, and
  /// see it only once they read. [dev.weir.transport.tls.TlsSession#of] tells what was agreed on.
  ///
  /// @param ready completed on the worker, perhaps at once; failed with a [TransportFailure], or
  ///   with what ended the connection. The channel is the caller's to close in either case.
  void accept(Channel channel, ChannelPromise ready);

  /// Completes, on any thread, when all is there that a handshake needs.
  default CompletableFuture<Void> warm() {
    return CompletableFuture.completedFuture(null);
  }

  /// Gives up what it holds, when neither its chain nor a connection needs it. Main loop.
  default void close() {}
}
