package dev.weir.admin;

import dev.weir.admin.Page.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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
    var snapshot = engine.snapshot();
    var waiting = new ArrayList<Map<String, Object>>();
    if (!listenersOnly) {
      add(waiting, "cluster manager", snapshot.warmingClusters(), entry -> entry.origin().name());
    }
    add(waiting, "listener manager", snapshot.warmingListeners(), status -> status.origin().name());
    Map<String, Object> page =
        waiting.isEmpty() ? Map.of() : Map.of("unready_targets_dumps", waiting);
    return AdminResponse.json(out -> Json.write(page, out));
  }

  private static <T> void add(
      List<Map<String, Object>> waiting, String whose, List<T> all, Function<T, String> nameOf) {
    if (!all.isEmpty()) {
      waiting.add(Map.of("name", whose, "target_names", all.stream().map(nameOf).toList()));
    }
  }
}
