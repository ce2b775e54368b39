package dev.weir.connection;

import dev.weir.config.ListenerConfig.Buffers;
import dev.weir.config.MetadataValue;
import dev.weir.config.StateValue;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.transport.Sockets;
import dev.weir.transport.Worker;
import dev.weir.upstream.balance.PickSubject;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A downstream connection, from the match of its filter chain to its end. Its worker only.
///
/// It ends exactly once, by [#close] or [#reset], whoever is the first to want it: then its
/// terminal filter lets go, its record is closed and logged, and its home forgets it.
public final class Connection implements PickSubject {
  private static final long NOT_DRAINING = Long.MAX_VALUE;

  private final Channel channel;
  private final Worker worker;
  private final ConnectionInfo info;
  private final ConnectionRecord record;
  private final FilterChain chain;
  private final Home home;
  private final Buffers buffers;
  private @Nullable Terminal terminal;
  private @Nullable Runnable atEnd;
  private boolean closed;
  private long lastActive;
  private long drainFrom = NOT_DRAINING;
  private long drainTime;

  /// Links of the list that the home keeps.
  @Nullable Connection next;

  @Nullable Connection previous;

  /// @param buffers what may wait to be written to the client
  public Connection(Accepted accepted, FilterChain chain, Home home, Buffers buffers) {
    this.channel = accepted.channel();
    this.worker = accepted.worker();
    this.info = accepted.info();
    this.record = accepted.record();
    this.chain = chain;
    this.home = home;
    this.buffers = buffers;
    this.lastActive = worker.now();
  }

  /// A connection before its filter chain is known.
  public record Accepted(
      Channel channel, Worker worker, ConnectionInfo info, ConnectionRecord record) {}

  /// Who keeps account of a connection: the part of a listener that lives on the same worker.
  public interface Home {
    /// The connection has ended.
    void onClosed(Connection connection);

    /// Whether the connection is asked to end, where its protocol has a way to.
    default boolean isDraining() {
      return false;
    }
  }

  /// The channel to the client.
  public Channel channel() {
    return channel;
  }

  /// Where it lives.
  public Worker worker() {
    return worker;
  }

  /// What is known of it.
  public ConnectionInfo info() {
    return info;
  }

  /// What will be said of it.
  public ConnectionRecord record() {
    return record;
  }

  @Override
  public @Nullable StateValue filterState(String key) {
    return record.filterState(key);
  }

  @Override
  public Map<String, MetadataValue> metadata(String namespace) {
    return record.metadata(namespace);
  }

  @Override
  public @Nullable SocketAddress restoredDestination() {
    var meant = info.localAddress();
    return meant.equals(channel.localAddress()) ? null : meant;
  }

  @Override
  public String serverName() {
    return info.serverName();
  }

  /// What filters have left for those behind them.
  public FilterState filterState() {
    return new FilterState(record);
  }

  /// The filter chain that it was matched to, of the generation that was current then.
  public FilterChain chain() {
    return chain;
  }

  /// How many bytes may wait to be written to the client.
  public int bufferLimit() {
    return buffers.limit();
  }

  /// How long more than that may wait, in milliseconds; 0 for as long as it takes.
  public long highWatermarkMillis() {
    return buffers.highWatermarkTimeout().toMillis();
  }

  /// It is to end in the course of the drain time: its terminal filter may tell the client.
  public void announceDrain() {
    if (terminal != null && !closed) {
      terminal.onDrain();
    }
  }

  /// What it was accepted with is no longer in force: its terminal filter may tell the client.
  public void onReplaced() {
    if (terminal != null && !closed) {
      terminal.onReplaced();
    }
  }

  /// The terminal filter takes the connection over.
  public void terminal(Terminal taker) {
    terminal = taker;
  }

  /// Runs a task when the connection ends, before its record is closed.
  public void atEnd(Runnable task) {
    var before = atEnd;
    atEnd =
        before == null
            ? task
            : () -> {
              before.run();
              task.run();
            };
  }

  /// A byte moved, either way.
  public void touch() {
    lastActive = worker.now();
  }

  /// When a byte last moved, on the worker's clock.
  public long lastActive() {
    return lastActive;
  }

  /// It is to be drained.
  ///
  /// @param time over which all connections of its kind are closed, in milliseconds; zero at once
  public void drainWithin(long time) {
    drainFrom = worker.now();
    drainTime = time;
  }

  /// Whether it is a good moment to close it for the drain's sake: ever more often in the course of
  /// the drain time.
  public boolean drainsNow() {
    if (drainFrom == NOT_DRAINING) {
      return home.isDraining();
    }
    long passed = worker.now() - drainFrom;
    return passed >= drainTime || ThreadLocalRandom.current().nextLong(drainTime) < passed;
  }

  /// Whether it has ended.
  public boolean isClosed() {
    return closed;
  }

  /// Ends it with a FIN; what is not written yet is lost. Without effect if it has ended.
  public void close(CloseReason reason) {
    if (end(reason, false)) {
      channel.close();
      account();
    }
  }

  /// Ends it with a RST. Without effect if it has ended.
  public void reset(CloseReason reason) {
    if (end(reason, true)) {
      Sockets.reset(channel);
      account();
    }
  }

  private boolean end(CloseReason reason, boolean reset) {
    if (closed) {
      return false;
    }
    closed = true;
    var localReason = reason.localReason();
    if (localReason != null) {
      record.localCloseReason(localReason);
    }
    if (terminal != null) {
      terminal.onClose(reason, reset);
    }
    if (atEnd != null) {
      atEnd.run();
    }
    return true;
  }

  private void account() {
    record.close();
    home.onClosed(this);
    chain.release();
  }
}
