package dev.weir.http.codec;

import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;

/// Responses that are complete, and whose client gives no room to send them: each is given up after
/// a while. Its connection's worker only.
final class PendingFlush extends TimerWheel.Node {
  private static final long NEVER = TimerWheel.NEVER;

  private final Http2Handler handler;
  private final Worker worker;
  private final List<Waiting> all = new ArrayList<>(0);
  private long next = NEVER;

  private record Waiting(Http2Stream stream, long until) {}

  PendingFlush(Http2Handler handler, Worker worker) {
    this.handler = handler;
    this.worker = worker;
  }

  /// A response has ended, and is not all written.
  ///
  /// @param timeout in milliseconds
  void add(Http2Stream stream, long timeout) {
    watch(new Waiting(stream, worker.now() + timeout));
  }

  private void watch(Waiting waiting) {
    all.add(waiting);
    if (waiting.until < next) {
      next = waiting.until;
      worker.timers().arm(this, next);
    }
  }

  void stop() {
    worker.timers().disarm(this);
    all.clear();
  }

  @Override
  protected void fire() {
    long now = worker.now();
    var before = List.copyOf(all);
    all.clear();
    next = NEVER;
    for (var waiting : before) {
      if (waiting.until <= now) {
        handler.giveUpFlush(waiting.stream);
      } else {
        watch(waiting);
      }
    }
  }
}
