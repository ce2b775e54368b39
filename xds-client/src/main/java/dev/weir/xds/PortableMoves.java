package dev.weir.xds;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// For development elsewhere than on Linux. Takes a file that is created for one that is renamed.
final class PortableMoves implements MoveWatcher {
  private static final System.Logger LOG = System.getLogger(PortableMoves.class.getName());

  private final WatchService service = FileSystems.getDefault().newWatchService();
  private final Map<WatchKey, List<Waiting>> waiting = new ConcurrentHashMap<>();

  PortableMoves() throws IOException {
    Thread.ofPlatform().daemon().name("weir-file-watch").start(this::run);
  }

  private record Waiting(@Nullable String name, boolean alsoWrites, Runnable moved) {
    boolean concerns(WatchEvent<?> event) {
      if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
        return true;
      }
      boolean written = event.kind().equals(StandardWatchEventKinds.ENTRY_MODIFY);
      return (alsoWrites || !written)
          && (name == null || name.equals(String.valueOf(event.context())));
    }
  }

  @Override
  public Watching watch(Path directory, @Nullable String name, boolean alsoWrites, Runnable moved)
      throws IOException {
    var entry = new Waiting(name, alsoWrites, moved);
    // The same directory gives the same key, with the kinds that were asked for last.
    var key =
        directory.register(
            service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    var entries = waiting.computeIfAbsent(key, _ -> new CopyOnWriteArrayList<>());
    entries.add(entry);
    return () -> entries.remove(entry);
  }

  private void run() {
    try {
      while (true) {
        var key = service.take();
        for (var event : key.pollEvents()) {
          for (var entry : waiting.getOrDefault(key, List.of())) {
            if (entry.concerns(event)) {
              entry.moved.run();
            }
          }
        }
        key.reset();
      }
    } catch (ClosedWatchServiceException | InterruptedException _) {
      // Closed.
    }
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "closing the file watch", e);
    }
  }
}
