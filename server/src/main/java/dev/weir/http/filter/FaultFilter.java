package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig.Fault;
import dev.weir.config.http.Share;
import dev.weir.http.route.HeaderTests;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.telemetry.StatScope;
import dev.weir.transport.TimerWheel;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.http.fault`: delays requests, or answers them with errors. Immutable; any worker.
final class FaultFilter implements HttpFilterFactory {
  private static final AsciiString DELAY = AsciiString.cached("x-envoy-fault-delay-request");
  private static final AsciiString DELAY_PERCENT =
      AsciiString.cached("x-envoy-fault-delay-request-percentage");
  private static final AsciiString ABORT = AsciiString.cached("x-envoy-fault-abort-request");
  private static final AsciiString ABORT_GRPC =
      AsciiString.cached("x-envoy-fault-abort-grpc-request");
  private static final AsciiString ABORT_PERCENT =
      AsciiString.cached("x-envoy-fault-abort-request-percentage");

  private static final AsciiString LIMIT = AsciiString.cached("x-envoy-fault-throughput-response");
  private static final AsciiString LIMIT_PERCENT =
      AsciiString.cached("x-envoy-fault-throughput-response-percentage");
  private static final AsciiString NODE = AsciiString.cached("x-envoy-downstream-service-node");

  private final String name;
  private final Fault config;
  private final Counter delays;
  private final Counter aborts;
  private final Counter limits;
  private final Counter overflows;
  private final Gauge active;

  FaultFilter(String name, Fault config, StatScope scope) {
    this.name = name;
    this.config = config;
    this.delays = scope.counter("fault.delays_injected");
    this.aborts = scope.counter("fault.aborts_injected");
    this.limits = scope.counter("fault.response_rl_injected");
    this.overflows = scope.counter("fault.faults_overflow");
    this.active = scope.gauge("fault.active_faults");
  }

  @Override
  public @Nullable HttpFilter create(FilterStream stream) {
    var fault = stream.override(name) instanceof Fault own ? own : config;
    boolean none = fault.delay() == null && fault.abort() == null && fault.limit() == null;
    return none ? null : new One(stream, fault);
  }

  private final class One extends TimerWheel.Node implements HttpFilter {
    private final FilterStream stream;
    private final Fault fault;
    private boolean counted;

    One(FilterStream stream, Fault fault) {
      this.stream = stream;
      this.fault = fault;
    }

    @Override
    public Step onRequestHeaders(Http2Headers headers, boolean end) {
      if (!concerns(headers)) {
        return Step.CONTINUE;
      }
      long limit = limit(headers);
      if (limit > 0 && begin()) {
        limits.increment();
        stream.paceResponse(limit << 10);
      }
      long delay = delay(headers);
      if (delay > 0 && begin()) {
        delays.increment();
        stream.record().flag(ResponseFlag.DI);
        var worker = stream.connection().worker();
        worker.timers().arm(this, worker.now() + delay);
        return Step.STOP;
      }
      return abort(headers) ? Step.STOP : Step.CONTINUE;
    }

    private boolean concerns(Http2Headers headers) {
      var target = fault.target();
      if (!target.upstreamCluster().isEmpty()
          && !target.upstreamCluster().equals(stream.targetCluster())) {
        return false;
      }
      if (!target.nodes().isEmpty()) {
        var node = headers.get(NODE);
        if (node == null || !target.nodes().contains(node.toString())) {
          return false;
        }
      }
      return HeaderTests.of(target.headers()).all(headers);
    }

    /// @return whether there may be a fault: not if there are too many at work, unless this request
    ///   has one already
    private boolean begin() {
      var max = fault.maxActive();
      if (!counted && max != null && active.value() >= max) {
        overflows.increment();
        return false;
      }
      if (!counted) {
        counted = true;
        active.increment();
      }
      return true;
    }

    /// @return in KiB/s; 0 for none
    private long limit(Http2Headers headers) {
      var limit = fault.limit();
      if (limit == null) {
        return 0;
      }
      var fixed = limit.kibPerSecond();
      return hits(limit.share(), fixed == null ? headers.get(LIMIT_PERCENT) : null)
          ? (fixed == null ? number(headers.get(LIMIT), 0) : fixed)
          : 0;
    }

    /// @return in milliseconds; 0 for none
    private long delay(Http2Headers headers) {
      var delay = fault.delay();
      if (delay == null) {
        return 0;
      }
      var fixed = delay.fixed();
      return hits(delay.share(), fixed == null ? headers.get(DELAY_PERCENT) : null)
          ? (fixed == null ? number(headers.get(DELAY), 0) : fixed.toMillis())
          : 0;
    }

    /// @param wished how many of the share's parts the client wants at most; null for all
    private static boolean hits(Share share, @Nullable CharSequence wished) {
      long parts = number(wished, share.numerator());
      int numerator =
          parts < 0 || parts > 0xffff_ffffL
              ? share.numerator()
              : (int) Math.min(parts, share.numerator());
      return new Share(numerator, share.denominator())
          .includes(ThreadLocalRandom.current().nextLong());
    }

    private static long number(@Nullable CharSequence text, long otherwise) {
      try {
        return text == null ? otherwise : Long.parseLong(text.toString());
      } catch (NumberFormatException _) {
        return otherwise;
      }
    }

    @Override
    protected void fire() {
      if (!abort(stream.requestHeaders())) {
        stream.continueRequest();
      }
    }

    /// @return whether the request was answered
    private boolean abort(Http2Headers headers) {
      var abort = fault.abort();
      if (abort == null) {
        return false;
      }
      var fixed = abort.status();
      var percent = fixed == null ? headers.get(ABORT_PERCENT) : null;
      if (!hits(abort.share(), percent)) {
        return false;
      }
      long status = fixed == null ? number(headers.get(ABORT), 0) : fixed;
      var grpc = abort.grpcStatus();
      long grpcStatus = grpc == null ? -1 : grpc;
      if (fixed == null && (status < 200 || status >= 600)) {
        grpcStatus = number(headers.get(ABORT_GRPC), -1);
        if (grpcStatus < 0) {
          return false;
        }
        status = 200;
      }
      if (!begin()) {
        return false;
      }
      aborts.increment();
      stream.record().flag(ResponseFlag.FI);
      stream.reply(
          new LocalReply(
              (int) status, "fault filter abort", "fault_filter_abort", (int) grpcStatus, _ -> {}));
      return true;
    }

    @Override
    public void onDestroy() {
      stream.connection().worker().timers().disarm(this);
      if (counted) {
        active.decrement();
      }
    }
  }
}
