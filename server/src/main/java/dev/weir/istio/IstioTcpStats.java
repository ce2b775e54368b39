package dev.weir.istio;

import dev.weir.connection.Connection;
import dev.weir.connection.NetworkFilter;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.Label;
import dev.weir.transport.TimerWheel;
import java.util.List;

/// `istio.stats` on a TCP filter chain: counts connections, and their bytes also while they last.
/// Built on the main loop, called on any worker.
public final class IstioTcpStats implements NetworkFilter {
  private final IstioMetrics metrics;

  public IstioTcpStats(IstioMetrics metrics) {
    this.metrics = metrics;
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

  /// What was told of one connection so far. Its worker only.
  private final class Report extends TimerWheel.Node {
    private final Connection connection;
    private long received;
    private long sent;
    private boolean opened;

    Report(Connection connection) {
      this.connection = connection;
    }

    void start() {
      connection.record().atEnd(this::end);
      arm();
    }

    private void arm() {
      var worker = connection.worker();
      worker.timers().arm(this, worker.now() + metrics.intervalMillis());
    }

    @Override
    protected void fire() {
      tell(metrics.labels(connection.record()));
      arm();
    }

    private void end() {
      connection.worker().timers().disarm(this);
      var labels = metrics.labels(connection.record());
      tell(labels);
      add("tcp_connections_closed_total", labels, 1);
    }

    private void tell(List<Label> labels) {
      if (!opened) {
        opened = true;
        add("tcp_connections_opened_total", labels, 1);
      }
      ConnectionRecord record = connection.record();
      add("tcp_sent_bytes_total", labels, record.bytesSent() - sent);
      add("tcp_received_bytes_total", labels, record.bytesReceived() - received);
      sent = record.bytesSent();
      received = record.bytesReceived();
    }

    private void add(String name, List<Label> labels, long amount) {
      var counter = metrics.counter(name, labels);
      if (counter != null) {
        counter.add(amount);
      }
    }
  }
}
