package dev.weir.listener;

import dev.weir.connection.Connection;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/// Closes connections in the course of a time. Where that is gradual, one by one, so that their
/// clients do not all come back at once: the longest idle ones first, the last when the time is
/// over. Its worker only.
final class ConnectionDrain extends TimerWheel.Node {
  private final Worker worker;
  private final List<Connection> leaving;
  private final Consumer<Connection> close;
  private final long begin;
  private final long time;
  private final DrainStrategy strategy;
  private final Runnable done;
  private int next;

  /// @param leaving is sorted here
  /// @param time in milliseconds
  /// @param done runs when the last of them is closed
  ConnectionDrain(
      Worker worker,
      List<Connection> leaving,
      Consumer<Connection> close,
      long time,
      DrainStrategy strategy,
      Runnable done) {
    this.worker = worker;
    this.leaving = leaving;
    this.close = close;
    this.begin = worker.now();
    this.time = time;
    this.strategy = strategy;
    this.done = done;
    long asking = strategy == DrainStrategy.IMMEDIATE ? 0 : time;
    leaving.forEach(connection -> connection.drainWithin(asking));
    leaving.sort(Comparator.comparingLong(Connection::lastActive));
  }

  void begin() {
    List.copyOf(leaving).forEach(Connection::announceDrain);
    goOn();
  }

  /// Whether nothing is left to close.
  boolean isOver() {
    return next == leaving.size();
  }

  /// Leaves alone what is not closed yet.
  void end() {
    worker.timers().disarm(this);
    if (!isOver()) {
      next = leaving.size();
      done.run();
    }
  }

  @Override
  protected void fire() {
    close.accept(leaving.get(next++));
    goOn();
  }

  private void goOn() {
    while (next < leaving.size() && leaving.get(next).isClosed()) {
      next++;
    }
    if (isOver()) {
      done.run();
    } else {
      worker.timers().arm(this, due());
    }
  }

  /// Each connection has a slice of the time, in which it is closed at random; the last one stays
  /// to the end.
  private long due() {
    if (strategy == DrainStrategy.IMMEDIATE) {
      return begin + time;
    }
    double slice = (double) time / leaving.size();
    boolean last = next == leaving.size() - 1;
    double within = last ? 1 : ThreadLocalRandom.current().nextDouble();
    return begin + Math.round((next + within) * slice);
  }
}
