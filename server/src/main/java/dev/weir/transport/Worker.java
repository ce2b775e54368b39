package dev.weir.transport;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/// One of the threads that move bytes. Both sides of a connection live on the same worker, so
/// nothing crosses threads for a byte.
public final class Worker {
  private final int index;
  private final EventLoop loop;
  private final Transport transport;
  private final TimerWheel timers;
  private final int concurrency;
  private final @Nullable LastingEpoll epoll;
  private long connections;

  /// @param io what the loop runs on
  Worker(int index, int concurrency, EventLoop loop, Io io, Clock clock) {
    this.index = index;
    this.concurrency = concurrency;
    this.loop = loop;
    this.transport = io.transport;
    this.epoll = io.epoll;
    this.timers = new TimerWheel(clock, TimerWheel.Alarm.on(loop, clock));
  }

  /// @param epoll what handles the loop's events, if that is epoll
  record Io(Transport transport, @Nullable LastingEpoll epoll) {}

  /// 0 and up; names the statistics `worker_<index>`.
  public int index() {
    return index;
  }

  /// How many workers there are of its kind.
  public int concurrency() {
    return concurrency;
  }

  /// What its channels are registered with.
  public EventLoop loop() {
    return loop;
  }

  /// Which kind of channels it runs.
  public Transport transport() {
    return transport;
  }

  /// What stands before its sockets; null if it runs no epoll.
  @Nullable LastingEpoll epoll() {
    return epoll;
  }

  /// Its timers, which fire on this worker.
  public TimerWheel timers() {
    return timers;
  }

  /// The time by which its timers go, in milliseconds since some moment.
  public long now() {
    return timers.now();
  }

  /// A number for a connection that no other connection of this process has, 1 and up. This worker
  /// only.
  public long nextConnectionId() {
    return connections++ * concurrency + index + 1;
  }

  /// Whether the caller runs on this worker.
  public boolean inLoop() {
    return loop.inEventLoop();
  }

  /// Runs a task on this worker. Any thread.
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public String toString() {
    return "worker_" + index;
  }
}
