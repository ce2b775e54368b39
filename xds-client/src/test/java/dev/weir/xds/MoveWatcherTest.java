package dev.weir.xds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Which changes of a folder are noticed.
class MoveWatcherTest {
  @TempDir Path folder;

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  private String next() throws InterruptedException {
    return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private void rename(String from, String to) throws IOException {
    Files.move(
        folder.resolve(from),
        folder.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void onlyARenameOntoTheFileIsNoticed() throws Exception {
    try (var watcher = new InotifyMoves()) {
      watcher.watch(folder, "file", false, () -> seen.add("file"));
      watcher.watch(folder, "last", false, () -> seen.add("last"));
      var file = write("file", "one");
      Files.writeString(file, "two", StandardOpenOption.APPEND);
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
      Files.delete(file);
      write("file", "three");
      write("other", "x");
      rename("other", "third");
      write("new", "four");
      rename("new", "file");
      rename("third", "last");
      // Events come in order, so nothing came before the first, and nothing between them.
      assertEquals("file", next());
      assertEquals("last", next());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aWriteInPlaceIsNoticedByWhoeverAsksForItAlone() throws Exception {
    try (var watcher = new InotifyMoves()) {
      watcher.watch(folder, null, true, () -> seen.add("written"));
      watcher.watch(folder, null, false, () -> seen.add("moved"));
      write("file", "one");
      assertEquals("written", next());
      write("file", "two");
      assertEquals("written", next());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aSymbolicLinkThatIsReplacedIsNoticed() throws Exception {
    Files.createDirectory(folder.resolve("v1"));
    Files.createDirectory(folder.resolve("v2"));
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("v1"));
    try (var watcher = new InotifyMoves()) {
      watcher.watch(folder, null, false, () -> seen.add("swap"));
      Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("v2"));
      rename("..tmp", "..data");
      assertEquals("swap", next());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whoeverHasStoppedWatchingIsNotTold() throws Exception {
    try (var watcher = new InotifyMoves()) {
      watcher.watch(folder, "file", false, () -> seen.add("first")).close();
      watcher.watch(folder, "file", false, () -> seen.add("second"));
      write("new", "x");
      rename("new", "file");
      assertEquals("second", next());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderThatDoesNotExistCannotBeWatched() throws Exception {
    try (var watcher = new InotifyMoves()) {
      assertThrows(
          IOException.class, () -> watcher.watch(folder.resolve("none"), null, false, () -> {}));
    }
  }

  @Test
  void elsewhereThanOnLinuxARenameIsNoticedToo() throws Exception {
    try (var watcher = new PortableMoves()) {
      watcher.watch(folder, "file", false, () -> seen.add("file"));
      write("new", "x");
      rename("new", "file");
      assertEquals("file", next());
    }
  }
}
