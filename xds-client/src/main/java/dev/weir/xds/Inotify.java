package dev.weir.xds;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The few calls of inotify(7) that are needed.
final class Inotify implements AutoCloseable {
  private static final int CLOSED_AFTER_WRITE = 0x8;
  private static final int MOVED_TO = 0x80;
  private static final int ONLY_DIRECTORY = 0x0100_0000;

  /// Two who watch one directory share a watch: this adds to what the first wanted to know.
  private static final int ADD_TO_MASK = 0x2000_0000;

  private static final int QUEUE_OVERFLOW = 0x4000;
  private static final int CLOSE_ON_EXEC = 0x80000;

  /// `struct inotify_event`: watch, mask, cookie, length of the name, the name.
  private static final int MASK = 4;

  private static final int NAME_LENGTH = 12;
  private static final int HEADER = 16;

  private static final int BUFFER = 64 * 1024;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle INIT = function("inotify_init1", JAVA_INT, JAVA_INT);
  private static final MethodHandle ADD =
      function("inotify_add_watch", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle REMOVE =
      function("inotify_rm_watch", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle READ =
      function("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);

  private final int descriptor;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer = arena.allocate(BUFFER, Integer.BYTES);

  private Inotify(int descriptor) {
    this.descriptor = descriptor;
  }

  /// A file was renamed into a watched directory or written there, or events were lost.
  record Event(int watch, String name, boolean written, boolean overflow) {}

  static Inotify open() throws IOException {
    int descriptor;
    try {
      descriptor = (int) INIT.invokeExact(CLOSE_ON_EXEC);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (descriptor < 0) {
      throw new IOException("inotify_init1 failed; are there too many instances?");
    }
    return new Inotify(descriptor);
  }

  /// Reports what is renamed into a directory from now on, or written there.
  ///
  /// @return the number that events carry; the same for the same directory
  int watch(Path directory, boolean alsoWrites) throws IOException {
    int wanted = alsoWrites ? MOVED_TO | CLOSED_AFTER_WRITE : MOVED_TO;
    var watch = add(directory.toString(), wanted | ONLY_DIRECTORY | ADD_TO_MASK);
    if (watch < 0) {
      throw new IOException("unable to add filesystem watch for file " + directory);
    }
    return watch;
  }

  private int add(String path, int mask) {
    try (var local = Arena.ofConfined()) {
      return (int) ADD.invokeExact(descriptor, local.allocateFrom(path), mask);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /// Makes [#read] return: to remove a watch is an event.
  void wake() {
    var watch = add("/", MOVED_TO);
    try {
      var _ = (int) REMOVE.invokeExact(descriptor, watch);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /// Waits for events. One thread only.
  ///
  /// @throws IOException if they cannot be read
  List<Event> read() throws IOException {
    long length;
    try {
      length = (long) READ.invokeExact(descriptor, buffer, (long) BUFFER);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (length < 0) {
      throw new IOException("reading inotify events failed");
    }
    var events = new ArrayList<Event>();
    for (long at = 0; at < length; ) {
      var mask = buffer.get(JAVA_INT, at + MASK);
      var nameLength = buffer.get(JAVA_INT, at + NAME_LENGTH);
      if ((mask & (MOVED_TO | CLOSED_AFTER_WRITE | QUEUE_OVERFLOW)) != 0) {
        var name = nameLength == 0 ? "" : buffer.getString(at + HEADER);
        events.add(
            new Event(
                buffer.get(JAVA_INT, at),
                name,
                (mask & CLOSED_AFTER_WRITE) != 0,
                (mask & QUEUE_OVERFLOW) != 0));
      }
      at += HEADER + nameLength;
    }
    return events;
  }

  @Override
  public void close() {
    try {
      var _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    arena.close();
  }

  @SuppressWarnings("restricted") // the signatures above are those of the manual pages
  private static MethodHandle function(
      String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }
}
