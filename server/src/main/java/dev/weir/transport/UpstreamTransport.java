package dev.weir.transport;

import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;

/// A live transport socket towards hosts of a cluster: how bytes travel between them and us. Made
/// on the main loop; any worker dials with it.
public interface UpstreamTransport {
  /// Bytes as they are.
  UpstreamTransport PLAINTEXT = (_, _) -> {};

  /// Makes a channel speak it, before it is connected. On the channel's worker.
  ///
  /// It adds its handlers at the end of the pipeline, and they see to it that a connect succeeds
  /// only when the transport is ready, so that transports can be put one into another: what is
  /// installed first is nearer to the wire. A connect fails with a [TransportFailure] if TCP came
  /// about and the transport did not. [dev.weir.transport.tls.TlsSession#of] tells what was agreed
  /// on.
  void install(Channel channel, DialOptions options);

  /// Whether what it sends tells of the client that a connection is for.
  default boolean introduces() {
    return false;
  }

  /// Completes, on any thread, when all is there that a handshake needs.
  default CompletableFuture<Void> warm() {
    return CompletableFuture.completedFuture(null);
  }

  /// Gives up what it holds, when neither its cluster nor a connection needs it. Main loop.
  default void close() {}
}
