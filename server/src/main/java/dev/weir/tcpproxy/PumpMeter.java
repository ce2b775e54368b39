package dev.weir.tcpproxy;

import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.Counter;
import dev.weir.telemetry.Gauge;
import dev.weir.telemetry.UpstreamRecord;
import dev.weir.upstream.ClusterStats;
import dev.weir.upstream.ClusterStats.Count;
import dev.weir.upstream.ClusterStats.Level;
import org.jspecify.annotations.Nullable;

/// Counts what one direction of one connection moves, for its record, its filter and its cluster.
/// Its worker only.
///
/// As with Envoy, a record takes for sent what was handed on, a counter what has left. The gauges
/// say what Envoy's say: how much the last read brought, and how much waits to be written.
abstract sealed class PumpMeter {
  private int lastRead;
  private long lastWaiting;

  /// Bytes were read, in one go.
  final void received(int bytes) {
    count(bytes);
    readLast(bytes);
  }

  private void readLast(int bytes) {
    var gauge = readBuffered();
    if (gauge != null && bytes != lastRead) {
      gauge.add(bytes - lastRead);
      lastRead = bytes;
    }
  }

  /// So many bytes wait to be written.
  final void waiting(long bytes) {
    var gauge = writeBuffered();
    if (gauge != null && bytes != lastWaiting) {
      gauge.add(bytes - lastWaiting);
      lastWaiting = bytes;
    }
  }

  /// Reading was stopped as the other side does not keep up, or goes on.
  final void paused(boolean now) {
    var counter = now ? pauses() : resumptions();
    if (counter != null) {
      counter.increment();
    }
  }

  /// The connection is over, and nothing is buffered for it any more.
  final void close() {
    readLast(0);
    waiting(0);
  }

  abstract void count(int received);

  /// Bytes were written.
  abstract void sent(long bytes);

  /// What shows how much the last read brought; null where another counts it.
  abstract @Nullable Gauge readBuffered();

  /// What shows how much waits to be written; null where another counts it.
  abstract @Nullable Gauge writeBuffered();

  abstract @Nullable Counter pauses();

  abstract @Nullable Counter resumptions();

  /// From the client to the upstream.
  static final class Upload extends PumpMeter {
    private final ConnectionRecord record;
    private final TcpProxyStats filter;
    private final Counter sent;
    private final Gauge waiting;
    private int early;

    /// @param early how many of the first bytes were counted when they came
    Upload(ConnectionRecord record, TcpProxyStats filter, ClusterStats cluster, int early) {
      this.record = record;
      this.filter = filter;
      this.sent = cluster.get(Count.UPSTREAM_CX_TX_BYTES_TOTAL);
      this.waiting = cluster.get(Level.UPSTREAM_CX_TX_BYTES_BUFFERED);
      this.early = early;
    }

    @Override
    void count(int received) {
      int known = Math.min(early, received);
      early -= known;
      record.addReceived(received - known);
      record.upstream().addSent(received);
      filter.received.add(received - known);
    }

    @Override
    void sent(long bytes) {
      sent.add(bytes);
    }

    @Override
    Gauge readBuffered() {
      return filter.receivedBuffered;
    }

    @Override
    Gauge writeBuffered() {
      return waiting;
    }

    @Override
    Counter pauses() {
      return filter.readingPaused;
    }

    @Override
    Counter resumptions() {
      return filter.readingResumed;
    }
  }

  /// From the upstream to the client.
  static final class Download extends PumpMeter {
    private final ConnectionRecord record;
    private final UpstreamRecord upstream;
    private final TcpProxyStats filter;
    private final ClusterStats cluster;
    private final Counter received;
    private final Gauge lastRead;

    Download(ConnectionRecord record, TcpProxyStats filter, ClusterStats cluster) {
      this.record = record;
      this.upstream = record.upstream();
      this.filter = filter;
      this.cluster = cluster;
      this.received = cluster.get(Count.UPSTREAM_CX_RX_BYTES_TOTAL);
      this.lastRead = cluster.get(Level.UPSTREAM_CX_RX_BYTES_BUFFERED);
    }

    @Override
    void count(int bytes) {
      upstream.addReceived(bytes);
      record.addSent(bytes);
      received.add(bytes);
    }

    @Override
    void sent(long bytes) {
      filter.sent.add(bytes);
    }

    @Override
    Gauge readBuffered() {
      return lastRead;
    }

    @Override
    Gauge writeBuffered() {
      return filter.sentBuffered;
    }

    @Override
    Counter pauses() {
      return cluster.get(Count.UPSTREAM_FLOW_CONTROL_PAUSED_READING_TOTAL);
    }

    @Override
    Counter resumptions() {
      return cluster.get(Count.UPSTREAM_FLOW_CONTROL_RESUMED_READING_TOTAL);
    }
  }

  /// From the client into a tunnel, whose connection counts for the cluster by itself.
  static final class IntoTunnel extends PumpMeter {
    private final Upload upload;
    private final TcpProxyStats filter;

    IntoTunnel(Upload upload, TcpProxyStats filter) {
      this.upload = upload;
      this.filter = filter;
    }

    @Override
    void count(int received) {
      upload.count(received);
    }

    @Override
    void sent(long bytes) {}

    @Override
    Gauge readBuffered() {
      return filter.receivedBuffered;
    }

    @Override
    @Nullable Gauge writeBuffered() {
      return null;
    }

    @Override
    Counter pauses() {
      return filter.readingPaused;
    }

    @Override
    Counter resumptions() {
      return filter.readingResumed;
    }
  }

  /// From a tunnel to the client.
  static final class OutOfTunnel extends PumpMeter {
    private final ConnectionRecord record;
    private final TcpProxyStats filter;

    OutOfTunnel(ConnectionRecord record, TcpProxyStats filter) {
      this.record = record;
      this.filter = filter;
    }

    @Override
    void count(int received) {
      record.upstream().addReceived(received);
      record.addSent(received);
    }

    @Override
    void sent(long bytes) {
      filter.sent.add(bytes);
    }

    @Override
    @Nullable Gauge readBuffered() {
      return null;
    }

    @Override
    Gauge writeBuffered() {
      return filter.sentBuffered;
    }

    @Override
    @Nullable Counter pauses() {
      return null;
    }

    @Override
    @Nullable Counter resumptions() {
      return null;
    }
  }
}
