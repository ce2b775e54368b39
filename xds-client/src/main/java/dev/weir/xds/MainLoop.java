package dev.weir.xds;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A [SerialLoop] on a thread of its own. What a task throws is logged, and the loop goes on.
public final class MainLoop implements SerialLoop, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(MainLoop.class.getName());

  private final String name;
  private final ScheduledThreadPoolExecutor executor;
  private volatile @Nullable Thread thread;

  /// Starts the loop.
  ///
  /// @param name the thread's name
  public MainLoop(String name) {
    this.name = name;
    executor = new ScheduledThreadPoolExecutor(1, this::newThread);
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private Thread newThread(Runnable work) {
    var created = new Thread(work, name);
    created.setDaemon(true);
    thread = created;
    return created;
  }

  @Override
  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  /// After [#close] tasks are dropped.
  @Override
  public void execute(Runnable task) {
    if (!executor.isShutdown()) {
      executor.execute(guarded(task));
    }
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    if (executor.isShutdown()) {
      return () -> {};
    }
    var future = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  /// Lets what was handed in by [#execute] finish, drops what waits for its time, ends the thread.
  @Override
  public void close() {
    executor.shutdown();
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.log(System.Logger.Level.ERROR, "a task on the main loop failed", e);
      }
    };
  }

  @Override
  public String toString() {
    return "loop " + name;
  }
}
