package dev.weir.upstream.http;

import dev.weir.config.HttpProtocol;
import dev.weir.transport.Worker;
import dev.weir.upstream.host.Host;
import org.jspecify.annotations.Nullable;

/// The HTTP connections to the hosts of one cluster: each worker has its own, pooled for each host
/// and protocol. Any worker asks for streams of its own.
public final class HttpPools {

  /// Asks for a stream to a host that was picked. It waits if need be; whoever asks does not keep
  /// any time, the connect timeout is kept here.
  ///
  /// @param waiter is told what came of it
  /// @return what to cancel the waiting by; null if the waiter has been told already
  public @Nullable PendingStream newStream(
      Worker worker, Host host, StreamRequest request, StreamWaiter waiter) {
    waiter.onOutcome(new StreamOutcome.Failed(ResetReason.LOCAL_CONNECTION_FAILURE, "no pools"));
    return null;
  }

  /// What will be spoken on a new stream; null if it is found out by ALPN.
  public @Nullable HttpProtocol protocol(HttpProtocol downstream) {
    return HttpProtocol.HTTP1;
  }
}
