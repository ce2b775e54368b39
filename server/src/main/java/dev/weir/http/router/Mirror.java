package dev.weir.http.router;

import dev.weir.config.HttpProtocol;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.ClusterStats.Count;
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
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A copy of one request, whose answer nobody wants. It may outlive the request. It is itself its
/// timer. Its worker only.
final class Mirror extends TimerWheel.Node implements StreamWaiter, StreamListener {
  /// So much of a body waits for a connection.
  private static final int LIMIT = 1 << 20;

  private final Worker worker;
  private final Cluster cluster;
  private final Http2Headers headers;
  private final BodyBuffer body = new BodyBuffer();
  private @Nullable PendingStream pending;
  private @Nullable UpstreamStream stream;
  private @Nullable Host host;
  private long started;
  private boolean over;

  /// @param end whether nothing follows
  Mirror(Worker worker, Cluster cluster, Http2Headers headers, boolean end) {
    this.worker = worker;
    this.cluster = cluster;
    this.headers = headers;
    if (end) {
      body.end();
    }
  }

  /// @param timeout in milliseconds; 0 for none
  void begin(HttpProtocol downstream, long timeout) {
    started = worker.now();
    var pick = new PickRequest(worker.index(), ThreadLocalRandom.current());
    var serving = cluster.serving(pick);
    host = serving == null ? null : serving.pick(pick);
    if (serving == null || host == null) {
      cluster.stats().get(Count.UPSTREAM_CX_NONE_HEALTHY).increment();
      failed();
      return;
    }
    pending = serving.http().newStream(worker, host, new StreamRequest(downstream, ""), this);
    if (timeout > 0 && !over) {
      worker.timers().arm(this, worker.now() + timeout);
    }
  }

  private void failed() {
    CodeStats.count(cluster.stats().scope(), 503, true);
    if (host != null) {
      host.counters().requestFailed();
    }
    end();
  }

  @Override
  public void onOutcome(StreamOutcome outcome) {
    pending = null;
    if (!(outcome instanceof StreamOutcome.Ready(var ready))) {
      failed();
      return;
    }
    if (over) {
      ready.reset(ResetReason.LOCAL_RESET);
      return;
    }
    stream = ready;
    ready.listener(this);
    boolean headOnly = body.headOnly();
    ready.sendHeaders(headers, headOnly);
    if (!headOnly && !over) {
      body.sendTo(ready, false);
    }
    if (!over) {
      ready.flush();
    }
  }

  /// @param data is owned here
  void data(ByteBuf data, boolean end) {
    if (over) {
      data.release();
    } else if (stream != null) {
      stream.sendData(data, end);
    } else {
      body.add(data, end);
      if (body.bytes() > LIMIT) {
        cancel();
      }
    }
  }

  void trailers(Http2Headers trailers) {
    if (over) {
      return;
    }
    if (stream != null) {
      stream.sendTrailers(trailers);
    } else {
      body.trailers(trailers);
    }
  }

  void flush() {
    if (stream != null && !over) {
      stream.flush();
    }
  }

  /// Gives it up.
  void cancel() {
    if (over) {
      return;
    }
    var waiting = pending;
    var open = stream;
    end();
    if (waiting != null) {
      waiting.cancel();
    }
    if (open != null) {
      open.reset(ResetReason.LOCAL_RESET);
    }
  }

  private void end() {
    over = true;
    worker.timers().disarm(this);
    body.release();
    pending = null;
  }

  @Override
  protected void fire() {
    cluster.stats().scope().counter("upstream_rq_timeout").increment();
    CodeStats.count(cluster.stats().scope(), 504, true);
    if (host != null && stream != null) {
      host.counters().requestTimedOut();
      host.counters().requestFailed();
    }
    cancel();
  }

  @Override
  public void onHeaders(Http2Headers response, boolean end) {
    int status = Integer.parseInt(String.valueOf(response.status()));
    CodeStats.count(cluster.stats().scope(), status, true);
    if (host != null) {
      host.monitor().answered(status);
      if (status < 500) {
        host.counters().requestSucceeded();
      } else {
        host.counters().requestFailed();
      }
    }
    if (end) {
      answered();
    }
  }

  private void answered() {
    CodeStats.time(cluster.stats().scope(), worker.now() - started, true);
    end();
  }

  @Override
  public void onData(ByteBuf data, boolean end) {
    data.release();
    if (end) {
      answered();
    }
  }

  @Override
  public void onTrailers(Http2Headers trailers) {
    answered();
  }

  @Override
  public void onReset(ResetReason reason) {
    if (!over) {
      failed();
    }
  }
}
