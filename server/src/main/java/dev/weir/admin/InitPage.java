package dev.weir.admin;

import dev.weir.admin.Page.Parameter;
import dev.weir.engine.EngineSnapshot;
import java.util.List;
import java.util.Map;

/// `/init_dump`: what is being waited for.
final class InitPage {
  private final EngineView engine;

  InitPage(EngineView engine) {
    this.engine = engine;
  }

  Page page() {
    return Page.view(
        "/init_dump",
        "What is not ready yet",
        this::handle,
        Parameter.text("mask", "Only this component, such as listener"));
  }

  private AdminResponse handle(AdminRequest request) {
    var listenersOnly = request.value("mask", "").equals("listener");
    var waiting = listenersOnly ? List.<String>of() : warming(engine.snapshot());
    Map<String, Object> page =
        waiting.isEmpty()
            ? Map.of()
            : Map.of(
                "unready_targets_dumps",
                List.of(Map.of("name", "cluster manager", "target_names", waiting)));
    return AdminResponse.json(out -> Json.write(page, out));
  }

  private static List<String> warming(EngineSnapshot snapshot) {
    return snapshot.warmingClusters().stream().map(entry -> entry.origin().name()).toList();
  }
}
