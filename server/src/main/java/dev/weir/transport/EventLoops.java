package dev.weir.transport;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The workers of a server: as many event loops as `--concurrency` says. Any thread.
public final class EventLoops implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group;
  private final List<Worker> workers;

  private EventLoops(MultiThreadIoEventLoopGroup group, List<Worker> workers) {
    this.group = group;
    this.workers = workers;
  }

  /// Starts the workers, over the best transport that works here.
  ///
  /// @param concurrency how many, at least 1
  public static EventLoops start(int concurrency) {
    return start(concurrency, Transport.best(), Clock.SYSTEM);
  }

  /// Starts the workers over a certain transport, their timers driven by a clock of one's own.
  public static EventLoops start(int concurrency, Transport transport, Clock clock) {
    var handlers = transport.ioHandlers();
    var group =
        new MultiThreadIoEventLoopGroup(
            concurrency, new DefaultThreadFactory("worker", true), handlers);
    var workers = new ArrayList<Worker>(concurrency);
    for (var executor : group) {
      var loop = (IoEventLoop) executor;
      var epoll = handlers instanceof LastingEpoll.Factory made ? made.of(loop) : null;
      workers.add(
          new Worker(workers.size(), concurrency, loop, new Worker.Io(transport, epoll), clock));
    }
    return new EventLoops(group, List.copyOf(workers));
  }

  /// All workers, in the order of their indexes.
  public List<Worker> workers() {
    return workers;
  }

  /// Which kind of channels the workers run.
  public Transport transport() {
    return workers.getFirst().transport();
  }

  /// Closes whatever channel is left and ends the threads. Waits two seconds at most.
  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
