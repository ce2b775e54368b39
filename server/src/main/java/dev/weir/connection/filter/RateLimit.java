package dev.weir.connection.filter;

import dev.weir.config.RateLimitAnswer;
import dev.weir.config.RateLimitAnswerDecoder;
import dev.weir.config.RateLimitConfig;
import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.connection.NetworkFilter;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.FilledTemplate;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.upstream.call.GrpcAnswer;
import dev.weir.upstream.call.GrpcMethod;
import dev.weir.xds.decision.RateLimitQuestion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `envoy.filters.network.ratelimit`: asks a service whether there are too many connections. Any
/// worker.
public final class RateLimit implements NetworkFilter {
  private static final String NAMESPACE = "envoy.filters.network.ratelimit";

  private final RateLimitConfig config;
  private final List<List<Entry>> descriptors;
  private final GrpcMethod method;
  private final StatScope scope;
  private final Counter total;
  private final Counter ok;
  private final Counter overLimit;
  private final Counter error;
  private final Counter failOpen;
  private final Counter closed;
  private final Gauge active;

  private record Entry(String key, FilledTemplate value) {}

  /// @param method that is asked
  /// @param stats where it counts
  public RateLimit(RateLimitConfig config, GrpcMethod method, Stats stats) {
    this.config = config;
    this.method = method;
    this.descriptors =
        config.descriptors().stream()
            .map(it ->
                it.entries().stream()
                    .map(entry -> new Entry(entry.key(), FilledTemplate.text(entry.value())))
                    .toList())
            .toList();
    this.scope = stats.scope("ratelimit." + config.statPrefix(), StatFamilies.RATE_LIMIT);
    this.total = scope.counter("total");
    this.ok = scope.counter("ok");
    this.overLimit = scope.counter("over_limit");
    this.error = scope.counter("error");
    this.failOpen = scope.counter("failure_mode_allowed");
    this.closed = scope.counter("cx_closed");
    this.active = scope.gauge("active");
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    total.increment();
    Inquiry.begin(
        connection,
        method,
        question(connection.record()).encode(),
        active,
        answer -> {
          var said =
              answer instanceof GrpcAnswer.Message(var bytes)
                  ? RateLimitAnswerDecoder.decode(bytes)
                  : null;
          decide(connection, said, next);
        });
  }

  private RateLimitQuestion question(ConnectionRecord record) {
    var filled = new ArrayList<List<RateLimitQuestion.Entry>>(descriptors.size());
    for (var entries : descriptors) {
      var descriptor = new ArrayList<RateLimitQuestion.Entry>(entries.size());
      for (var entry : entries) {
        descriptor.add(new RateLimitQuestion.Entry(entry.key, entry.value.fill(record)));
      }
      filled.add(descriptor);
    }
    return new RateLimitQuestion(config.domain(), filled);
  }

  /// @param said null if the service could not be asked
  private void decide(Connection connection, @Nullable RateLimitAnswer said, Runnable next) {
    if (said == null) {
      failed(connection, next);
      return;
    }
    if (!said.metadata().isEmpty()) {
      connection.record().addMetadata(NAMESPACE, said.metadata());
    }
    if (said.overLimit()) {
      overLimit.increment();
      closed.increment();
      connection.close(CloseReason.TOO_MANY);
    } else {
      ok.increment();
      next.run();
    }
  }

  private void failed(Connection connection, Runnable next) {
    error.increment();
    if (config.failClosed()) {
      closed.increment();
      connection.close(CloseReason.RATE_LIMIT_ERROR);
    } else {
      failOpen.increment();
      next.run();
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
