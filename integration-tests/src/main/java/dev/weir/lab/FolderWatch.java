package dev.weir.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Notices when the files of a folder change, whichever way they are written: in place, by renaming
/// another file onto them, or by pointing a symbolic link elsewhere, as Kubernetes updates a
/// mounted ConfigMap.
///
/// It compares the files' attributes every so often, which also works on the mounted folders from
/// which no file events come, and waits for one quiet interval, so that a file that is just being
/// written is not read halfway.
final class FolderWatch implements AutoCloseable {

  private record Attributes(Object key, long size, FileTime modified) {}

  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final ResourceFolder folder;
  private final Runnable onChange;
  private final Thread thread;
  private Map<Path, Attributes> handled = Map.of();

  private FolderWatch(ResourceFolder folder, Runnable onChange) {
    this.folder = folder;
    this.onChange = onChange;
    this.thread = Thread.ofVirtual().name("folder-watch").unstarted(this::watch);
  }

  /// Starts to watch.
  ///
  /// @param onChange called once before this returns, and then after each change, on a thread of
  ///   its own, one call at a time
  static FolderWatch start(ResourceFolder folder, Runnable onChange) {
    var watch = new FolderWatch(folder, onChange);
    watch.handled = watch.look();
    onChange.run();
    watch.thread.start();
    return watch;
  }

  private void watch() {
    var before = handled;
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        var now = look();
        if (!now.equals(handled) && now.equals(before)) {
          handled = now;
          onChange.run();
        }
        before = now;
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /// The files as they are. A folder that is away for a moment looks empty.
  private Map<Path, Attributes> look() {
    var found = new HashMap<Path, Attributes>();
    try {
      for (var file : folder.files()) {
        var it = Files.readAttributes(file, BasicFileAttributes.class);
        var key = Objects.requireNonNullElse(it.fileKey(), file);
        found.put(file, new Attributes(key, it.size(), it.lastModifiedTime()));
      }
    } catch (IOException | UncheckedIOException _) {
      // A file has gone between listing and looking: the next look sees more.
    }
    return found;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
