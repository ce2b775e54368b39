package dev.weir.admin;

import dev.weir.telemetry.StatFamily;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import io.netty.channel.Channel;

/// Counts what happens on the admin interface, by the names that tools leave out of their sums:
/// `http.admin` and `listener.admin`. Called on the interface's loop.
final class AdminStats {
  private static final StatFamily HTTP =
      StatFamily.counters(
              "downstream_cx_destroy",
              "downstream_cx_http1_total",
              "downstream_cx_total",
              "downstream_rq_1xx",
              "downstream_rq_2xx",
              "downstream_rq_3xx",
              "downstream_rq_4xx",
              "downstream_rq_5xx",
              "downstream_rq_completed",
              "downstream_rq_http1_total",
              "downstream_rq_total")
          .andGauges("downstream_cx_active", "downstream_cx_http1_active", "downstream_rq_active")
          .andHistograms("downstream_cx_length_ms", "downstream_rq_time");

  private static final StatFamily LISTENER =
      StatFamily.counters("downstream_cx_destroy", "downstream_cx_total")
          .andGauges("downstream_cx_active")
          .andHistograms("downstream_cx_length_ms");

  private static final StatFamily THREAD =
      StatFamily.counters("downstream_cx_total").andGauges("downstream_cx_active");

  private final StatScope http;
  private final StatScope listener;
  private final StatScope thread;

  AdminStats(Stats stats) {
    http = stats.scope("http.admin", HTTP);
    listener = stats.scope("listener.admin", LISTENER);
    thread = listener.scope("main_thread", THREAD);
  }

  void connected(Channel client) {
    long began = System.nanoTime();
    http.counter("downstream_cx_total").increment();
    http.counter("downstream_cx_http1_total").increment();
    listener.counter("downstream_cx_total").increment();
    thread.counter("downstream_cx_total").increment();
    active(1);
    client.closeFuture().addListener(_ -> closed((System.nanoTime() - began) / 1_000_000));
  }

  private void closed(long millis) {
    http.counter("downstream_cx_destroy").increment();
    http.histogram("downstream_cx_length_ms").record(millis);
    listener.counter("downstream_cx_destroy").increment();
    listener.histogram("downstream_cx_length_ms").record(millis);
    active(-1);
  }

  private void active(int change) {
    http.gauge("downstream_cx_active").add(change);
    http.gauge("downstream_cx_http1_active").add(change);
    listener.gauge("downstream_cx_active").add(change);
    thread.gauge("downstream_cx_active").add(change);
  }

  void requestBegan() {
    http.counter("downstream_rq_total").increment();
    http.counter("downstream_rq_http1_total").increment();
    http.gauge("downstream_rq_active").increment();
  }

  /// @param nanos how long the answer took
  void requestEnded(int status, long nanos) {
    http.gauge("downstream_rq_active").decrement();
    http.counter("downstream_rq_completed").increment();
    http.counter("downstream_rq_" + status / 100 + "xx").increment();
    http.histogram("downstream_rq_time").record(nanos / 1_000_000);
  }
}
