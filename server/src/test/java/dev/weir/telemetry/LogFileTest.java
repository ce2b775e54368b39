package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  private static final int FLUSH_BYTES = 100;

  private final Stats stats = new Stats();
  private final AtomicInteger wakeUps = new AtomicInteger();
  @TempDir Path folder;
  private Path path;
  private FileStats counted;

  @BeforeEach
  void setUp() {
    path = folder.resolve("a.log");
    counted = FileStats.of(stats.scope("filesystem", StatFamilies.FILESYSTEM));
  }

  @Test
  void theFirstLineAsksForTheThreadAndLaterOnesWait() throws Exception {
    var file = open();
    file.append(line("one\n"));
    assertTrue(file.isDue());
    file.flush();
    assertEquals("one\n", written());
    file.append(line("two\n"));
    assertFalse(file.isDue());
    assertEquals(1, wakeUps.get());
    assertEquals("one\n", written());
    file.flush();
    assertEquals("one\ntwo\n", written());
  }

  @Test
  void muchAtOnceDoesNotWait() throws Exception {
    var file = open();
    file.append(line("first\n"));
    file.flush();
    file.append(line("x".repeat(99)));
    assertFalse(file.isDue());
    file.append(line("y"));
    assertTrue(file.isDue());
    assertEquals(2, wakeUps.get());
  }

  @Test
  void whatFindsNoRoomIsDroppedAndCounted() throws Exception {
    var file = open();
    for (int i = 0; i < 5; i++) {
      file.append(line("x".repeat(99) + "\n"));
    }
    assertEquals(4, counted.buffered().value());
    assertEquals(1, counted.dropped().value());
    assertEquals(400, counted.totalBuffered().value());
    file.flush();
    assertEquals(400, written().length());
    assertEquals(0, counted.totalBuffered().value());
    assertEquals(1, counted.completed().value());
    file.append(line("after\n"));
    file.flush();
    assertTrue(written().endsWith("\nafter\n"));
  }

  @Test
  void aFileThatExistsIsAppendedTo() throws Exception {
    Files.writeString(path, "old\n");
    var file = open();
    file.append(line("new\n"));
    file.close();
    assertEquals("old\nnew\n", written());
  }

  @Test
  void reopeningGoesOnUnderTheOldNameInANewFile() throws Exception {
    var file = open();
    file.append(line("one\n"));
    var rotated = folder.resolve("a.log.1");
    Files.move(path, rotated);
    file.reopen();
    file.flush();
    file.append(line("two\n"));
    file.flush();
    assertEquals("one\n", Files.readString(rotated));
    assertEquals("two\n", written());
  }

  @Test
  void whatCannotBeReopenedStaysOpen() throws Exception {
    var file = open();
    var rotated = folder.resolve("a.log.1");
    Files.move(path, rotated);
    Files.createDirectory(path);
    file.reopen();
    file.append(line("one\n"));
    file.flush();
    file.append(line("two\n"));
    file.close();
    assertEquals("one\ntwo\n", Files.readString(rotated));
    assertEquals(1, counted.reopenFailed().value());
  }

  @Test
  void aPathThatCannotBeOpenedIsRefusedInEnvoysWords() {
    var missing = folder.resolve("none").resolve("x.log");
    assertEquals(
        "unable to open file '" + missing + "': No such file or directory",
        assertThrows(IOException.class, () -> open(missing)).getMessage());
    assertEquals(
        "unable to open file '" + folder + "': Is a directory",
        assertThrows(IOException.class, () -> open(folder)).getMessage());
  }

  @Test
  void linesOfManyWorkersStayWhole() throws Exception {
    var file = new LogFile(path.toString(), 8192, counted, () -> {});
    int workers = 4;
    long each = 5_000;
    var threads = new Thread[workers];
    for (int w = 0; w < workers; w++) {
      String text = String.valueOf((char) ('a' + w)).repeat(10 + w) + "\n";
      threads[w] =
          Thread.ofPlatform()
              .start(() -> {
                var line = line(text);
                for (int i = 0; i < each; i++) {
                  file.append(line);
                }
              });
    }
    while (anyAlive(threads)) {
      file.flush();
    }
    file.close();
    try (var lines = Files.lines(path)) {
      assertTrue(lines.allMatch(line -> line.matches("a{10}|b{11}|c{12}|d{13}")));
    }
    try (var lines = Files.lines(path)) {
      assertEquals(counted.buffered().value(), lines.count());
    }
    assertEquals(workers * each, counted.buffered().value() + counted.dropped().value());
    assertEquals(0, counted.totalBuffered().value());
  }

  private static boolean anyAlive(Thread[] threads) {
    for (var thread : threads) {
      if (thread.isAlive()) {
        return true;
      }
    }
    return false;
  }

  private LogFile open() throws IOException {
    return open(path);
  }

  private LogFile open(Path at) throws IOException {
    return new LogFile(at.toString(), FLUSH_BYTES, counted, wakeUps::incrementAndGet);
  }

  private String written() throws IOException {
    return Files.readString(path);
  }

  private static LogLine line(String text) {
    return new LogLine().text(text);
  }
}
