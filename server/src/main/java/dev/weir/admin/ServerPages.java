package dev.weir.admin;

import dev.weir.admin.Page.Parameter;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The pages about the process itself.
final class ServerPages {
  private final ServerControl server;

  ServerPages(ServerControl server) {
    this.server = server;
  }

  List<Page> all() {
    return List.of(
        Page.view("/ready", "200 if the server is live, otherwise 503", _ -> ready()),
        Page.view("/hot_restart_version", "Version of the admin protocol", _ -> hotRestart()),
        Page.view("/memory", "Memory in use, in bytes", _ -> memory()),
        Page.view("/contention", "Lock contention (not traced)", _ -> contention()),
        Page.action("/quitquitquit", "End the process", _ -> quit()),
        Page.action("/healthcheck/fail", "Report not to be ready", _ -> failHealthchecks(true)),
        Page.action("/healthcheck/ok", "Report to be ready again", _ -> failHealthchecks(false)),
        Page.action("/reopen_logs", "Open log files anew after a rotation", _ -> reopenLogs()),
        Page.action(
            "/drain_listeners",
            "Stop accepting connections; open ones go on",
            this::drainListeners,
            Parameter.flag("graceful", "Go on accepting until the drain time is over"),
            Parameter.flag("skip_exit", "Go on accepting for good"),
            Parameter.flag("inboundonly", "Only listeners whose traffic direction is INBOUND"),
            Parameter.text("listener", "Only this one, and close its connections one by one"),
            Parameter.text(
                "endpoint", "Only close the connections to this host one by one: 10.0.0.1:80")));
  }

  private AdminResponse ready() {
    var state = server.state();
    return AdminResponse.text(state == ServerState.LIVE ? 200 : 503, state + "\n");
  }

  private AdminResponse hotRestart() {
    return AdminResponse.text(server.protocolVersion());
  }

  private static AdminResponse contention() {
    return AdminResponse.text("Mutex contention tracing is not enabled.");
  }

  /// The names are those of the reference proxy's allocator: heap is what the JVM holds, allocated
  /// what of it is in use.
  private static AdminResponse memory() {
    var beans = ManagementFactory.getMemoryMXBean();
    var heap = beans.getHeapMemoryUsage();
    var rest = beans.getNonHeapMemoryUsage();
    var fields = new LinkedHashMap<String, String>();
    fields.put("allocated", Long.toString(heap.getUsed()));
    fields.put("heap_size", Long.toString(heap.getCommitted()));
    fields.put("pageheap_unmapped", "0");
    fields.put("pageheap_free", Long.toString(heap.getCommitted() - heap.getUsed()));
    fields.put("total_thread_cache", "0");
    fields.put("total_physical_bytes", Long.toString(heap.getCommitted() + rest.getCommitted()));
    return AdminResponse.json(out -> Json.write(Map.copyOf(fields), out));
  }

  private AdminResponse quit() {
    server.quit();
    return AdminResponse.ok();
  }

  private AdminResponse failHealthchecks(boolean fail) {
    server.failHealthchecks(fail);
    return AdminResponse.ok();
  }

  private AdminResponse reopenLogs() {
    server.reopenLogs();
    return AdminResponse.ok();
  }

  private AdminResponse drainListeners(AdminRequest request) {
    var listener = request.value("listener");
    var endpoint = request.value("endpoint");
    if (endpoint != null) {
      server.drainEndpoint(endpoint);
      return AdminResponse.ok();
    }
    if (listener != null) {
      return server.drainListener(listener, request.has("skip_exit"))
          ? AdminResponse.ok()
          : AdminResponse.text(404, "there is no listener '" + listener + "'\n");
    }
    if (request.has("skip_exit") && !request.has("graceful")) {
      return AdminResponse.text(400, "skip_exit requires graceful\n");
    }
    server.drainListeners(
        request.has("inboundonly"), request.has("graceful"), request.has("skip_exit"));
    return AdminResponse.ok();
  }
}
