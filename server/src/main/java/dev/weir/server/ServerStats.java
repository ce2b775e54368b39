package dev.weir.server;

import dev.weir.admin.ServerState;
import dev.weir.telemetry.ProcessMemory;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What is counted of the process: the names below `server` and `runtime`.
final class ServerStats {
  private final StatScope server;
  private final long began = System.nanoTime();

  /// @param connections how many downstream connections are open
  /// @param daysUntilExpiry how long all certificates in use will be valid
  ServerStats(
      Stats stats,
      int concurrency,
      Supplier<ServerState> state,
      LongSupplier connections,
      LongSupplier daysUntilExpiry) {
    server = stats.scope("server", StatFamilies.SERVER);
    server.gauge("concurrency").set(concurrency);
    server.gauge("days_until_first_cert_expiring", daysUntilExpiry);
    server.gauge("hot_restart_generation").set(1);
    server.gauge("version").set(Version.number());
    server.gauge("uptime", () -> uptime().toSeconds());
    server.gauge("state", () -> state.get().number());
    server.gauge("live", () -> state.get() == ServerState.LIVE ? 1 : 0);
    server.gauge("total_connections", connections);
    memory();
    stats.scope("runtime", StatFamilies.RUNTIME).counter("load_success").increment();
  }

  private void memory() {
    var memory = new ProcessMemory();
    server.gauge("memory_allocated", memory::allocated);
    server.gauge("memory_heap_size", memory::heap);
    server.gauge("memory_physical_size", memory::resident);
  }

  /// How long the server has run.
  Duration uptime() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /// The server has begun to serve.
  void initialized() {
    server.histogram("initialization_time_ms").record(uptime().toMillis());
  }

  /// Fields of the start configuration that do not exist.
  void staticUnknownFields(int count) {
    server.counter("static_unknown_fields").add(count);
  }
}
