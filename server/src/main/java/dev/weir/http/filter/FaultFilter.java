package dev.weir.http.filter;

import dev.weir.config.http.HttpFilterConfig.Fault;
import dev.weir.http.GrpcCodes;
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

  private final String name;
  private final Fault config;
  private final Counter delays;
  private final Counter aborts;
  private final Counter overflows;
  private final Gauge active;

  FaultFilter(String name, Fault config, StatScope scope) {
    this.name = name;
    this.config = config;
    this.delays = scope.counter("fault.delays_injected");
    this.aborts = scope.counter("fault.aborts_injected");
    this.overflows = scope.counter("fault.faults_overflow");
    this.active = scope.gauge("fault.active_faults");
  }

  @Override
  public @Nullable HttpFilter create(FilterStream stream) {
    var fault = stream.override(name) instanceof Fault own ? own : config;
    return fault.delay() == null && fault.abort() == null ? null : new One(stream, fault);
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
      if (!HeaderTests.of(fault.headers()).all(headers) || overflows()) {
        return Step.CONTINUE;
      }
      long delay = delay(headers);
      if (delay > 0) {
        begin();
        delays.increment();
        stream.record().flag(ResponseFlag.DI);
        var worker = stream.connection().worker();
        worker.timers().arm(this, worker.now() + delay);
        return Step.STOP;
      }
      return abort(headers) ? Step.STOP : Step.CONTINUE;
    }

    private boolean overflows() {
      var max = fault.maxActive();
      boolean over = max != null && active.value() >= max;
      if (over) {
        overflows.increment();
      }
      return over;
    }

    private void begin() {
      if (!counted) {
        counted = true;
        active.increment();
      }
    }

    private long delay(Http2Headers headers) {
      var delay = fault.delay();
      if (delay == null) {
        return 0;
      }
      var fixed = delay.fixed();
      long millis = fixed == null ? number(headers.get(DELAY), 0) : fixed.toMillis();
      long percent = fixed == null ? number(headers.get(DELAY_PERCENT), 100) : 100;
      return delay.share().includes(draw()) && chance(percent) ? millis : 0;
    }

    private static boolean chance(long percent) {
      return percent >= 100 || ThreadLocalRandom.current().nextInt(100) < percent;
    }

    private static long draw() {
      return ThreadLocalRandom.current().nextLong();
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
      if (abort == null || !abort.share().includes(draw())) {
        return false;
      }
      var fixed = abort.status();
      long status = fixed == null ? number(headers.get(ABORT), 0) : fixed;
      var grpc = abort.grpcStatus();
      long grpcStatus = grpc == null ? number(headers.get(ABORT_GRPC), -1) : grpc;
      boolean wanted = fixed != null || (status >= 200 && status < 600) || grpcStatus >= 0;
      if (!wanted || (fixed == null && !chance(number(headers.get(ABORT_PERCENT), 100)))) {
        return false;
      }
      begin();
      aborts.increment();
      stream.record().flag(ResponseFlag.FI);
      int code = grpcStatus >= 0 ? GrpcCodes.toHttp((int) grpcStatus) : (int) status;
      stream.reply(
          new LocalReply(
              code, "fault filter abort", "fault_filter_abort", (int) grpcStatus, _ -> {}));
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
