package dev.weir.telemetry;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One file that lines are appended to. Workers append; all else is the file thread's.
///
/// Lines go into one of two chunks, of which one fills while the other is written out. When the
/// disk is slower than the workers, both are full in the end, and lines are dropped and counted.
/// Nothing is held before the first line.
final class LogFile {
  private static final System.Logger LOG = System.getLogger(LogFile.class.getName());

  private final String path;
  private final FileStats stats;
  private final int flushBytes;
  private final Runnable wake;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicReference<@Nullable LineChunk> filling = new AtomicReference<>();
  private @Nullable LineChunk resting;
  private OutputStream out;
  private volatile boolean due;
  private volatile boolean reopening;

  /// Opens the file, and makes it if it is not there.
  ///
  /// @param flushBytes so many bytes are written out without waiting for the timer
  /// @param wake gets the file thread's attention
  /// @throws IOException if it cannot be opened, in Envoy's words
  LogFile(String path, int flushBytes, FileStats stats, Runnable wake) throws IOException {
    this.path = path;
    this.flushBytes = flushBytes;
    this.stats = stats;
    this.wake = wake;
    this.out = open(path);
  }

  private static OutputStream open(String path) throws IOException {
    return switch (path) {
      case "/dev/stdout" -> new FileOutputStream(FileDescriptor.out);
      case "/dev/stderr" -> new FileOutputStream(FileDescriptor.err);
      default -> openFile(path);
    };
  }

  private static OutputStream openFile(String path) throws IOException {
    try {
      return new FileOutputStream(path, true);
    } catch (IOException e) {
      String said = String.valueOf(e.getMessage());
      int reason = said.lastIndexOf('(');
      throw new IOException(
          "unable to open file '%s': %s"
              .formatted(path, reason < 0 ? said : said.substring(reason + 1, said.length() - 1)),
          e);
    }
  }

  /// Appends a line; any worker. Never waits: a line that finds no room is counted and gone.
  void append(LogLine line) {
    int size = offer(line);
    if (size < 0) {
      stats.dropped().increment();
      return;
    }
    stats.buffered().increment();
    stats.totalBuffered().add(line.length());
    boolean crossed = size >= flushBytes && size - line.length() < flushBytes;
    if (crossed || (!begun.get() && begun.compareAndSet(false, true))) {
      due = true;
      wake.run();
    }
  }

  private int offer(LogLine line) {
    while (true) {
      var chunk = chunk();
      int size = chunk.append(line.bytes(), line.length());
      if (size >= 0 || chunk == filling.get()) {
        return size;
      }
    }
  }

  private LineChunk chunk() {
    var present = filling.get();
    if (present != null) {
      return present;
    }
    var first = newChunk();
    first.open();
    return filling.compareAndSet(null, first) ? first : chunk();
  }

  /// Four times what is written out at once, so that there is room while the file thread is on its
  /// way.
  private LineChunk newChunk() {
    return new LineChunk(4 * flushBytes);
  }

  /// Asks for the file to be opened anew under its name; any thread.
  void reopen() {
    reopening = true;
    due = true;
  }

  /// Whether the file should be seen to before the timer says so.
  boolean isDue() {
    return due;
  }

  /// Writes out what there is.
  void flush() {
    due = false;
    writeOut();
    if (reopening) {
      reopening = false;
      openAnew();
    }
  }

  private void writeOut() {
    var full = filling.get();
    if (full == null || full.isEmpty()) {
      return;
    }
    var next = resting == null ? newChunk() : resting;
    next.open();
    filling.set(next);
    int size = full.seal();
    stats.totalBuffered().add(-size);
    try {
      out.write(full.bytes(), 0, size);
      stats.completed().increment();
    } catch (IOException e) {
      stats.failed().increment();
      LOG.log(Level.DEBUG, () -> "cannot write to " + path + ": " + e.getMessage());
    }
    resting = full;
  }

  /// A file that cannot be opened stays open under its old descriptor, so that nothing is lost.
  private void openAnew() {
    try {
      var fresh = open(path);
      if (!path.equals("/dev/stdout") && !path.equals("/dev/stderr")) {
        out.close();
      }
      out = fresh;
    } catch (IOException e) {
      stats.reopenFailed().increment();
      LOG.log(Level.WARNING, () -> String.valueOf(e.getMessage()));
    }
  }

  /// Writes out what there is and lets go of the file. The process's own streams stay open.
  void close() {
    flush();
    if (path.equals("/dev/stdout") || path.equals("/dev/stderr")) {
      return;
    }
    try {
      out.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "cannot close " + path + ": " + e.getMessage());
    }
  }
}
