package dev.weir.http;

import dev.weir.config.AccessLogType;
import dev.weir.config.http.RouteAction;
import dev.weir.http.codec.ServerStream;
import dev.weir.http.filter.LocalReply;
import dev.weir.http.route.Route;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// The times by which a request has to have got somewhere, in milliseconds of its worker's clock,
/// and the one timer that looks after them. Its worker only.
final class StreamDeadlines extends TimerWheel.Node {
  private static final long NEVER = TimerWheel.NEVER;
  private static final int DEADLINE_EXCEEDED = 4;

  private final HttpStream owner;
  private final ServerStream sink;
  private final HttpStats stats;
  private final Worker worker;

  private final long start;
  private long lastActive;
  private long idle;
  private long request;
  private long stream;
  private final long logEvery;
  private long log;

  StreamDeadlines(
      HttpStream owner, ServerStream sink, HttpConnectionManager manager, Worker worker) {
    this.owner = owner;
    this.sink = sink;
    this.stats = manager.stats();
    this.worker = worker;
    var timing = manager.config().timing();
    this.start = worker.now();
    this.lastActive = start;
    this.idle = timing.streamIdle().toMillis();
    this.request = after(start, timing.request().toMillis());
    this.stream = after(start, timing.stream().toMillis());
    this.logEvery = manager.config().accessLogs().flushInterval().toMillis();
    this.log = after(start, logEvery);
  }

  private static long after(long from, long millis) {
    return millis == 0 ? NEVER : from + millis;
  }

  /// Takes what the route says instead.
  void route(@Nullable Route route, Http2Headers request) {
    if (route != null && route.config().action() instanceof RouteAction.Forward forward) {
      var own = forward.timing();
      var ownIdle = own.idle();
      if (ownIdle != null) {
        idle = ownIdle.toMillis();
      }
      var ownFlush = own.flush();
      if (ownFlush != null) {
        sink.flushTimeout(ownFlush.toMillis());
      }
      var ownStream = own.maxStream();
      if (ownStream != null) {
        stream = after(start, ownStream.toMillis());
      }
      var grpc = own.grpcStream();
      long asked = grpc == null || !GrpcTimeout.isGrpc(request) ? 0 : GrpcTimeout.millis(request);
      if (grpc != null && asked > 0) {
        stream = start + GrpcTimeout.within(asked, grpc.max().toMillis(), grpc.offset().toMillis());
      }
    }
  }

  /// Watches from here on, or anew after the times have changed.
  void start() {
    worker.timers().arm(this, next());
  }

  void stop() {
    worker.timers().disarm(this);
  }

  /// Bytes have moved.
  void touch() {
    lastActive = worker.now();
  }

  void requestEnded() {
    request = NEVER;
  }

  void tunnel() {
    request = NEVER;
  }

  private long next() {
    return Math.min(Math.min(Math.min(request, stream), log), after(lastActive, idle));
  }

  @Override
  protected void fire() {
    long now = worker.now();
    if (log <= now) {
      log = now + logEvery;
      owner.record().log(AccessLogType.DOWNSTREAM_PERIODIC);
    }
    if (request <= now) {
      stats.counter("downstream_rq_timeout").increment();
      owner.reply(LocalReply.of(408, "request timeout", "request_overall_timeout"));
    } else if (stream <= now) {
      stats.counter("downstream_rq_max_duration_reached").increment();
      owner.reply(
          LocalReply.of(timeoutStatus(), "downstream duration timeout", "max_duration_timeout")
              .withGrpcStatus(DEADLINE_EXCEEDED));
    } else if (after(lastActive, idle) <= now) {
      stats.counter("downstream_rq_idle_timeout").increment();
      owner.record().flag(ResponseFlag.SI);
      owner.reply(LocalReply.of(timeoutStatus(), "stream timeout", "stream_idle_timeout"));
    }
    if (!owner.isOver()) {
      start();
    }
  }

  /// Whoever has sent all of its request is not to blame.
  private int timeoutStatus() {
    return sink.requestComplete() ? 504 : 408;
  }
}
