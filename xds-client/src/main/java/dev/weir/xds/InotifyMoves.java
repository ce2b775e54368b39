package dev.weir.xds;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Linux tells a rename from a write. Java's own watch service reports both alike.
final class InotifyMoves implements MoveWatcher {
  private static final System.Logger LOG = System.getLogger(InotifyMoves.class.getName());

  /// After so many failures in a row files are watched no more.
  private static final int PATIENCE = 10;

  private final Inotify inotify = Inotify.open();
  private final Map<Integer, List<Waiting>> waiting = new ConcurrentHashMap<>();
  private volatile boolean closed;

  InotifyMoves() throws IOException {
    Thread.ofPlatform().daemon().name("weir-file-watch").start(this::run);
  }

  private record Waiting(@Nullable String name, boolean alsoWrites, Runnable moved) {
    boolean concerns(Inotify.Event event) {
      return (alsoWrites || !event.written()) && (name == null || name.equals(event.name()));
    }
  }

  @Override
  public Watching watch(Path directory, @Nullable String name, boolean alsoWrites, Runnable moved)
      throws IOException {
    var entry = new Waiting(name, alsoWrites, moved);
    // The same directory gives the same number.
    var number = inotify.watch(directory, alsoWrites);
    waiting.computeIfAbsent(number, _ -> new CopyOnWriteArrayList<>()).add(entry);
    return () ->
        waiting.computeIfPresent(
            number,
            (_, entries) -> {
              entries.remove(entry);
              return entries;
            });
  }

  private void run() {
    var failures = 0;
    while (!closed && failures < PATIENCE) {
      try {
        for (var event : inotify.read()) {
          concerned(event).forEach(entry -> entry.moved.run());
        }
        failures = 0;
      } catch (IOException e) {
        // A signal may interrupt it, which means nothing.
        failures++;
        LOG.log(Level.WARNING, e.getMessage());
      }
    }
    inotify.close();
  }

  private List<Waiting> concerned(Inotify.Event event) {
    var concerned = new ArrayList<Waiting>();
    if (event.overflow()) {
      // Some events were lost, so anything may have happened.
      waiting.values().forEach(concerned::addAll);
    } else {
      for (var entry : waiting.getOrDefault(event.watch(), List.of())) {
        if (entry.concerns(event)) {
          concerned.add(entry);
        }
      }
    }
    return concerned;
  }

  @Override
  public void close() {
    closed = true;
    inotify.wake();
  }
}
