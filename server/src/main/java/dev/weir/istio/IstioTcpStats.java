package dev.weir.istio;

import dev.weir.connection.Connection;
import dev.weir.connection.NetworkFilter;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.Counter;
import dev.weir.transport.TimerWheel;

/// `istio.stats` on a TCP filter chain: counts connections, and their bytes also while they last.
/// Built on the main loop, called on any worker.
public final class IstioTcpStats implements NetworkFilter {
  private final IstioMetrics metrics;
  private final IstioMetric<Counter> opened;
  private final IstioMetric<Counter> closed;
  private final IstioMetric<Counter> sent;
  private final IstioMetric<Counter> received;

  public IstioTcpStats(IstioMetrics metrics) {
    this.metrics = metrics;
    this.opened = metrics.counter("tcp_connections_opened_total");
    this.closed = metrics.counter("tcp_connections_closed_total");
    this.sent = metrics.counter("tcp_sent_bytes_total");
    this.received = metrics.counter("tcp_received_bytes_total");
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    new Report(connection).start();
    next.run();
  }

  @Override
  public void close() {
    metrics.close();
  }

  private static void add(IstioMetric<Counter> metric, Observation seen, long amount) {
    var counter = metric.of(seen);
    if (counter != null) {
      counter.add(amount);
    }
  }

  /// What was told of one connection so far. Its worker only.
  private final class Report extends TimerWheel.Node {
    private final Connection connection;
    private long receivedBytes;
    private long sentBytes;
    private boolean told;

    Report(Connection connection) {
      this.connection = connection;
    }

    void start() {
      connection.record().atEnd(this::end);
      arm();
    }

    private void arm() {
      if (metrics.intervalMillis() > 0) {
        var worker = connection.worker();
        worker.timers().arm(this, worker.now() + metrics.intervalMillis());
      }
    }

    /// Says nothing as long as nothing has changed: thousands of connections lie idle.
    @Override
    protected void fire() {
      var record = connection.record();
      if (!told || record.bytesSent() != sentBytes || record.bytesReceived() != receivedBytes) {
        tell(metrics.observe(record));
      }
      arm();
    }

    private void end() {
      connection.worker().timers().disarm(this);
      var seen = metrics.observe(connection.record());
      tell(seen);
      add(closed, seen, 1);
    }

    private void tell(Observation seen) {
      if (!told) {
        told = true;
        add(opened, seen, 1);
      }
      ConnectionRecord record = connection.record();
      add(sent, seen, record.bytesSent() - sentBytes);
      add(received, seen, record.bytesReceived() - receivedBytes);
      sentBytes = record.bytesSent();
      receivedBytes = record.bytesReceived();
    }
  }
}
