package dev.weir.telemetry;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/// The one thread that writes log files, and the files. Files are opened on the main loop.
final class FileFlusher implements AutoCloseable {
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final FileStats stats;
  private final int flushBytes;
  private final long intervalNanos;
  private final Map<String, LogFile> byPath = new HashMap<>();
  private final List<LogFile> files = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closing;

  /// @param interval how long a line waits at most
  /// @param flushBytes how many bytes are written out without waiting for it
  FileFlusher(FileStats stats, Duration interval, int flushBytes) {
    this.stats = stats;
    this.flushBytes = flushBytes;
    this.intervalNanos = interval.toNanos();
    this.thread = Thread.ofPlatform().daemon().name("access-log").unstarted(this::run);
  }

  /// The file of this path, opened if it is not yet. Main loop only.
  ///
  /// @throws IOException if it cannot be opened, in Envoy's words
  LogFile open(String path) throws IOException {
    var present = byPath.get(path);
    if (present != null) {
      return present;
    }
    var file = new LogFile(path, flushBytes, stats, () -> LockSupport.unpark(thread));
    byPath.put(path, file);
    files.add(file);
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
    }
    return file;
  }

  /// Has all files opened anew; any thread.
  void reopen() {
    files.forEach(LogFile::reopen);
    LockSupport.unpark(thread);
  }

  private void run() {
    long timer = System.nanoTime() + intervalNanos;
    while (!closing) {
      long left = timer - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(this, left);
        flushDue();
      } else {
        timer += intervalNanos;
        flushAll();
      }
    }
    files.forEach(LogFile::close);
  }

  private void flushDue() {
    for (var file : files) {
      if (file.isDue()) {
        file.flush();
      }
    }
  }

  private void flushAll() {
    for (var file : files) {
      stats.flushedByTimer().increment();
      file.flush();
    }
  }

  /// Writes out everything and ends; waits for it two seconds at most, as the disk may be stuck.
  @Override
  public void close() {
    closing = true;
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    LockSupport.unpark(thread);
    try {
      thread.join(LAST_WORDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
