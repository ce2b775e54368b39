package dev.weir.admin;

import dev.weir.config.Resources;
import dev.weir.engine.Engine;
import dev.weir.engine.EngineSnapshot;
import dev.weir.xds.ResourceStatus;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.XdsClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/// Asks the main loop what there is, and waits for the answer: what is shown is worked out of that
/// afterwards, and does not hold the main loop up.
final class EngineView {
  private final SerialLoop main;
  private final Engine engine;
  private final XdsClient xds;
  private final Resources resources;

  EngineView(SerialLoop main, Engine engine, XdsClient xds, Resources resources) {
    this.main = main;
    this.engine = engine;
    this.xds = xds;
    this.resources = resources;
  }

  /// What is live.
  EngineSnapshot snapshot() {
    return ask(engine::snapshot);
  }

  /// Works something out of what is live, on the main loop.
  <T> T ask(Function<EngineSnapshot, T> question) {
    return ask(() -> question.apply(engine.snapshot()));
  }

  /// What the control plane said of clusters.
  List<ResourceStatus> clusterResources() {
    return ask(() -> xds.snapshot(resources.clusters().typeUrl()));
  }

  /// What the control plane said of listeners.
  List<ResourceStatus> listenerResources() {
    return ask(() -> xds.snapshot(resources.listeners().typeUrl()));
  }

  /// What the control plane said of endpoints.
  List<ResourceStatus> endpointResources() {
    return ask(() -> xds.snapshot(resources.endpoints().typeUrl()));
  }

  /// What control planes said of routes.
  List<ResourceStatus> routeResources() {
    return ask(() -> xds.snapshot(resources.routes().typeUrl()));
  }

  /// What control planes said of secrets.
  List<ResourceStatus> secretResources() {
    return ask(() -> xds.snapshot(resources.secrets().typeUrl()));
  }

  /// What control planes said of filters' configuration.
  List<ResourceStatus> extensionResources() {
    return ask(() -> xds.snapshot(resources.extensions().typeUrl()));
  }

  private <T> T ask(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, main).join();
  }
}
