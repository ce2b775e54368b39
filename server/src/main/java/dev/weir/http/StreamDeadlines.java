package dev.weir.http;

import dev.weir.config.http.HttpTiming;
import dev.weir.config.http.RouteAction;
import dev.weir.http.route.Route;
import dev.weir.transport.TimerWheel;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// The times by which a request has to have got somewhere, in milliseconds of its worker's clock.
/// Its worker only.
final class StreamDeadlines {
  private static final long NEVER = TimerWheel.NEVER;

  private final long start;
  private long lastActive;
  private long idle;
  private long request;
  private long stream;

  /// Which time is over.
  enum Due {
    NONE,
    IDLE,
    REQUEST,
    STREAM
  }

  StreamDeadlines(HttpTiming timing, long start) {
    this.start = start;
    this.lastActive = start;
    this.idle = timing.streamIdle().toMillis();
    this.request = after(start, timing.request().toMillis());
    this.stream = after(start, timing.stream().toMillis());
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

  void touch(long now) {
    lastActive = now;
  }

  void requestEnded() {
    request = NEVER;
  }

  void tunnel() {
    request = NEVER;
  }

  long next() {
    return Math.min(Math.min(request, stream), after(lastActive, idle));
  }

  Due due(long now) {
    if (request <= now) {
      return Due.REQUEST;
    }
    if (stream <= now) {
      return Due.STREAM;
    }
    return after(lastActive, idle) <= now ? Due.IDLE : Due.NONE;
  }
}
