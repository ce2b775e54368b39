package dev.weir.upstream.call;

import dev.weir.config.HttpProtocol;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.http.CodeStats;
import dev.weir.upstream.http.PendingStream;
import dev.weir.upstream.http.ResetReason;
import dev.weir.upstream.http.StreamListener;
import dev.weir.upstream.http.StreamOutcome;
import dev.weir.upstream.http.StreamRequest;
import dev.weir.upstream.http.StreamWaiter;
import dev.weir.upstream.http.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// One request of the gateway's own to a cluster, sent whole, and its response, awaited whole. It
/// is counted as other requests to the cluster are. It is itself the timer. Its worker only.
///
/// The waiter is told once, perhaps before [#start] returns, and never after [#cancel].
public final class HttpCall extends TimerWheel.Node implements StreamWaiter, StreamListener {
  /// No answer to a question is as long as that: whoever sends more is not to fill our memory.
  private static final int LONGEST_ANSWER = 4 << 20;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Worker worker;
  private final Request request;
  private final Waiter waiter;
  private final ByteBuf received = Unpooled.buffer(0, LONGEST_ANSWER);
  private @Nullable Cluster cluster;
  private @Nullable Host host;
  private @Nullable PendingStream pending;
  private @Nullable UpstreamStream stream;
  private @Nullable Http2Headers head;
  private long started;
  private boolean over;

  private HttpCall(Worker worker, Request request, Waiter waiter) {
    this.worker = worker;
    this.request = request;
    this.waiter = waiter;
  }

  /// What is asked.
  ///
  /// @param cluster whom, by name
  /// @param headers in HTTP/2's form
  /// @param body may be empty
  /// @param patience for the whole response, from now on; zero for ever
  public record Request(String cluster, Http2Headers headers, ByteBuffer body, Duration patience) {}

  /// Who has asked.
  public interface Waiter {
    /// What came of it.
    void onAnswer(HttpAnswer answer);
  }

  /// Asks.
  ///
  /// @return what to cancel by
  public static HttpCall start(Worker worker, Clusters clusters, Request request, Waiter waiter) {
    var call = new HttpCall(worker, request, waiter);
    call.begin(clusters.find(request.cluster));
    return call;
  }

  private void begin(@Nullable Cluster known) {
    if (known == null) {
      end(new HttpAnswer.Failed(503, "there is no cluster '" + request.cluster + "'"));
      return;
    }
    var pick = new PickRequest(worker.index(), ThreadLocalRandom.current());
    var serving = known.serving(pick);
    var picked = serving == null ? null : serving.pick(pick);
    if (serving == null || picked == null) {
      known.stats().get(Count.UPSTREAM_CX_NONE_HEALTHY).increment();
      fail(known, 503, "no healthy upstream");
      return;
    }
    cluster = serving;
    host = picked;
    started = worker.now();
    pending = serving.http().newStream(worker, picked, asked(), this);
    if (!over && !request.patience.isZero()) {
      worker.timers().arm(this, started + Math.max(1, request.patience.toMillis()));
    }
  }

  private StreamRequest asked() {
    var authority = String.valueOf(request.headers.authority());
    int colon = authority.lastIndexOf(':');
    var name = colon < 0 ? authority : authority.substring(0, colon);
    return new StreamRequest(HttpProtocol.HTTP2, name);
  }

  /// Nobody wants to know any more. Without effect once the waiter was told.
  public void cancel() {
    if (!over) {
      over = true;
      giveUp();
    }
  }

  private void giveUp() {
    worker.timers().disarm(this);
    received.release();
    if (pending != null) {
      pending.cancel();
    }
    if (stream != null) {
      stream.reset(ResetReason.LOCAL_RESET);
    }
  }

  /// The response is whole, or never will be.
  private void end(HttpAnswer answer) {
    if (!over) {
      over = true;
      worker.timers().disarm(this);
      received.release();
      waiter.onAnswer(answer);
    }
  }

  private void fail(Cluster counted, int status, String reason) {
    CodeStats.count(counted.stats().scope(), status, true);
    end(new HttpAnswer.Failed(status, reason));
  }

  private void fail(int status, String reason) {
    if (cluster != null) {
      fail(cluster, status, reason);
    }
  }

  @Override
  public void onOutcome(StreamOutcome outcome) {
    pending = null;
    if (over) {
      if (outcome instanceof StreamOutcome.Ready(var late)) {
        late.reset(ResetReason.LOCAL_RESET);
      }
      return;
    }
    switch (outcome) {
      case StreamOutcome.Ready(var ready) -> send(ready);
      case StreamOutcome.Overflow() -> fail(503, "reset reason: " + ResetReason.OVERFLOW.text());
      case StreamOutcome.Failed(var cause, _) -> fail(503, "reset reason: " + cause.text());
    }
  }

  private void send(UpstreamStream ready) {
    stream = ready;
    ready.listener(this);
    boolean empty = !request.body.hasRemaining();
    ready.sendHeaders(request.headers, empty);
    if (!empty && !over) {
      ready.sendData(Unpooled.wrappedBuffer(request.body), true);
    }
    if (!over) {
      ready.flush();
    }
  }

  @Override
  public void onHeaders(Http2Headers headers, boolean end) {
    head = headers;
    var response = new HttpAnswer.Response(headers, NOTHING, null);
    if (host != null) {
      host.monitor().answered(response.status());
    }
    if (cluster != null) {
      CodeStats.count(cluster.stats().scope(), response.status(), true);
    }
    if (end) {
      complete(null);
    }
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    boolean fits = !over && data.readableBytes() <= received.maxCapacity() - received.writerIndex();
    if (fits) {
      received.writeBytes(data);
    }
    data.release();
    if (!fits && !over) {
      over = true;
      giveUp();
      waiter.onAnswer(new HttpAnswer.Failed(502, "the answer is too long"));
    } else if (end) {
      complete(null);
    }
  }

  @Override
  public void onTrailers(Http2Headers trailers) {
    complete(trailers);
  }

  private void complete(@Nullable Http2Headers trailers) {
    if (over || head == null) {
      return;
    }
    if (cluster != null) {
      CodeStats.time(cluster.stats().scope(), worker.now() - started, true);
    }
    end(new HttpAnswer.Response(head, ByteBuffer.wrap(ByteBufUtil.getBytes(received)), trailers));
  }

  @Override
  public void onReset(ResetReason reason) {
    if (over) {
      return;
    }
    if (head != null) { // it was counted when it began
      end(new HttpAnswer.Failed(503, "reset reason: " + reason.text()));
      return;
    }
    if (host != null) {
      host.monitor().connectFailed();
    }
    fail(503, "reset reason: " + reason.text());
  }

  @Override
  protected void fire() {
    if (over || cluster == null) {
      return;
    }
    over = true;
    giveUp();
    cluster.stats().scope().counter("upstream_rq_timeout").increment();
    if (host != null) {
      host.monitor().connectTimedOut();
    }
    if (head == null) {
      CodeStats.count(cluster.stats().scope(), 504, true);
    }
    waiter.onAnswer(new HttpAnswer.Failed(504, "upstream request timeout"));
  }
}
