package dev.weir.telemetry;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory the process takes, in bytes. Any thread.
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";

  private final MemoryMXBean machine = ManagementFactory.getMemoryMXBean();

  /// What lives on the heap, or is waiting to be collected there.
  public long allocated() {
    return machine.getHeapMemoryUsage().getUsed();
  }

  /// What the heap has taken from the system.
  public long heap() {
    return machine.getHeapMemoryUsage().getCommitted();
  }

  /// What the process as a whole has in real memory; where the system does not tell, what the Java
  /// machine has taken.
  public long resident() {
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(RESIDENT))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseGet(this::committed);
    } catch (IOException _) {
      return committed();
    }
  }

  private long committed() {
    return heap() + machine.getNonHeapMemoryUsage().getCommitted();
  }
}
