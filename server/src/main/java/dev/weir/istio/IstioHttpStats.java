package dev.weir.istio;

import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Histogram;

/// Istio's metrics of requests. Made on the main loop; any worker.
public final class IstioHttpStats implements AutoCloseable {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final IstioMetrics metrics;
  private final IstioMetric<Counter> requests;
  private final IstioMetric<Histogram> durations;
  private final IstioMetric<Histogram> requestBytes;
  private final IstioMetric<Histogram> responseBytes;
  private final IstioMetric<Counter> requestMessages;
  private final IstioMetric<Counter> responseMessages;

  public IstioHttpStats(IstioMetrics metrics) {
    this.metrics = metrics;
    this.requests = metrics.counter("requests_total");
    this.durations = metrics.histogram("request_duration_milliseconds");
    this.requestBytes = metrics.histogram("request_bytes");
    this.responseBytes = metrics.histogram("response_bytes");
    this.requestMessages = metrics.counter("request_messages_total");
    this.responseMessages = metrics.counter("response_messages_total");
  }

  /// What went to and fro for a request.
  ///
  /// @param requestBytes with its headers
  /// @param responseBytes with its headers
  /// @param requestMessages of gRPC; -1 if it was none
  /// @param responseMessages of gRPC
  public record Amounts(
      long requestBytes, long responseBytes, long requestMessages, long responseMessages) {}

  /// A request has ended.
  public void tell(ConnectionRecord record, Amounts amounts) {
    var seen = metrics.observe(record);
    count(requests, seen, 1);
    measure(durations, seen, record.durationNanos() / NANOS_PER_MILLI);
    measure(requestBytes, seen, amounts.requestBytes);
    measure(responseBytes, seen, amounts.responseBytes);
    if (amounts.requestMessages >= 0) {
      count(requestMessages, seen, amounts.requestMessages);
      count(responseMessages, seen, amounts.responseMessages);
    }
  }

  private static void count(IstioMetric<Counter> metric, Observation seen, long amount) {
    var counter = metric.of(seen);
    if (counter != null) {
      counter.add(amount);
    }
  }

  private static void measure(IstioMetric<Histogram> metric, Observation seen, long value) {
    var histogram = metric.of(seen);
    if (histogram != null) {
      histogram.record(value);
    }
  }

  @Override
  public void close() {
    metrics.close();
  }
}
