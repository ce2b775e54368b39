package dev.weir.admin;

import dev.weir.admin.Page.Parameter;
import dev.weir.proto.WireJson;

/// `/listeners`: what listens where.
final class ListenersPage {
  private final EngineView engine;

  ListenersPage(EngineView engine) {
    this.engine = engine;
  }

  Page page() {
    return Page.view(
        "/listeners",
        "Addresses of the listeners",
        this::handle,
        Parameter.choice("format", "How to write them", "text", "json"));
  }

  private AdminResponse handle(AdminRequest request) {
    var snapshot = engine.snapshot();
    if (request.value("format", "text").equals("json")) {
      return AdminResponse.json(
          out -> WireJson.write(ListenersDump.addresses(snapshot), WireJson.Layout.PRETTY, out));
    }
    return AdminResponse.text(out -> {
      for (var listener : snapshot.listeners()) {
        if (listener.accepting()) {
          for (var address : listener.addresses()) {
            out.append(listener.origin().name()).append("::");
            out.append(address.toString()).append('\n');
          }
        }
      }
    });
  }
}
