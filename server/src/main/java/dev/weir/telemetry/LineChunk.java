package dev.weir.telemetry;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A stretch of memory that many workers append lines to and one thread empties. Nobody ever waits
/// for a worker that is not in the middle of copying a line.
///
/// A worker claims a range, copies into it, and then counts it as copied. Sealing ends the
/// claiming; once as much is copied as was claimed, the chunk holds whole lines only.
final class LineChunk {
  private static final int SEALED = -1;

  private final byte[] bytes;
  private final AtomicInteger claimed = new AtomicInteger(SEALED);
  private final AtomicInteger copied = new AtomicInteger();

  /// A chunk that is sealed and empty.
  LineChunk(int capacity) {
    this.bytes = new byte[capacity];
  }

  /// Appends a line, on any worker.
  ///
  /// @return how much there is afterwards; -1 if there was no room, or the chunk is sealed
  int append(byte[] source, int length) {
    int from;
    do {
      from = claimed.get();
      if (from == SEALED || length > bytes.length - from) {
        return -1;
      }
    } while (!claimed.compareAndSet(from, from + length));
    System.arraycopy(source, 0, bytes, from, length);
    copied.addAndGet(length);
    return from + length;
  }

  /// Lets lines in. Only on a sealed chunk, by the thread that seals it, or on a new one.
  void open() {
    copied.set(0);
    claimed.set(0);
  }

  /// Lets no more lines in, and waits until those that are being copied are there.
  ///
  /// @return how many bytes there are
  int seal() {
    int total = claimed.getAndSet(SEALED);
    while (copied.get() != total) {
      LockSupport.parkNanos(1_000);
    }
    return total;
  }

  /// Whether no line was let in yet.
  boolean isEmpty() {
    return claimed.get() == 0;
  }

  /// The lines, once sealed.
  byte[] bytes() {
    return bytes;
  }
}
