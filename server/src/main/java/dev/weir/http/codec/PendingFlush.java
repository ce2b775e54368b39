package dev.weir.http.codec;

import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;

/// Responses that are complete, and whose client gives no room to send them: each is given up after
/// a while. Its connection's worker only.
final class PendingFlush extends TimerWheel.Node {
  private final Http2Handler handler;
  private final Worker worker;
  private final long timeout;
  private final ArrayDeque<Waiting> all = new ArrayDeque<>(0);

  private record Waiting(Http2Stream stream, long until) {}

  /// @param timeout in milliseconds; 0 for none
  PendingFlush(Http2Handler handler, Worker worker, long timeout) {
    this.handler = handler;
    this.worker = worker;
    this.timeout = timeout;
  }

  /// A response has ended, and is not all written.
  void add(Http2Stream stream) {
    if (timeout > 0) {
      all.add(new Waiting(stream, worker.now() + timeout));
      if (!isArmed()) {
        worker.timers().arm(this, all.getFirst().until);
      }
    }
  }

  void stop() {
    worker.timers().disarm(this);
    all.clear();
  }

  @Override
  protected void fire() {
    long now = worker.now();
    while (!all.isEmpty() && all.getFirst().until <= now) {
      handler.giveUpFlush(all.removeFirst().stream);
    }
    if (!all.isEmpty()) {
      worker.timers().arm(this, all.getFirst().until);
    }
  }
}
