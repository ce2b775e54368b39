package dev.weir.transport;

import dev.weir.xds.SerialLoop;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// The one thread that owns all configuration. It never touches a connection: those belong to the
/// [Worker]s.
public final class MainLoop implements SerialLoop, AutoCloseable {
  private final EventExecutor executor =
      new DefaultEventExecutor(new DefaultThreadFactory("main", true));

  @Override
  public boolean inLoop() {
    return executor.inEventLoop();
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    var scheduled = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  /// Runs what is queued already and ends the thread. Waits two seconds at most, unless called on
  /// the loop itself.
  @Override
  public void close() {
    var ended = executor.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    if (!inLoop()) {
      ended.awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
  }

  @Override
  public String toString() {
    return "main loop";
  }
}
