package dev.weir.xds;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Notices files that are renamed into a directory. That is how a file is replaced as a whole; a
/// file that is written in place may be read half, so it counts only for whoever asks for that.
sealed interface MoveWatcher extends AutoCloseable permits InotifyMoves, PortableMoves {
  /// Watches a directory.
  ///
  /// @param name of the file that is waited for; null for any
  /// @param alsoWrites whether a file counts too that was written in place, once it is closed
  /// @param moved called on a thread of the watcher's
  /// @throws IOException if it cannot be watched
  Watching watch(Path directory, @Nullable String name, boolean alsoWrites, Runnable moved)
      throws IOException;

  @Override
  void close();

  /// Something that is watched. May be closed from any thread.
  interface Watching extends AutoCloseable {
    @Override
    void close();
  }

  /// The one that fits this machine.
  static MoveWatcher start() throws IOException {
    return System.getProperty("os.name").equals("Linux") ? new InotifyMoves() : new PortableMoves();
  }
}
