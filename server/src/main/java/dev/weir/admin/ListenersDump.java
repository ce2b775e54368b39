package dev.weir.admin;

import com.google.protobuf.Any;
import dev.weir.engine.EngineSnapshot;
import dev.weir.engine.ListenerStatus;
import dev.weir.xds.ResourceStatus;
import io.envoyproxy.envoy.admin.v3.Listeners;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListener;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListenerState;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.StaticListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Listeners as messages of the admin API.
final class ListenersDump {
  private ListenersDump() {}

  /// Those that accept connections, with their addresses.
  static Listeners addresses(EngineSnapshot snapshot) {
    var listeners = Listeners.newBuilder();
    for (var listener : snapshot.listeners()) {
      if (listener.accepting()) {
        var status = listeners.addListenerStatusesBuilder().setName(listener.origin().name());
        var addresses = listener.addresses().stream().map(WireDump::address).toList();
        status.setLocalAddress(addresses.getFirst());
        status.addAllAdditionalLocalAddresses(addresses.subList(1, addresses.size()));
      }
    }
    return listeners.build();
  }

  /// Their configuration.
  ///
  /// @param resources what the control plane said of each
  /// @param wanted which names
  static ListenersConfigDump configuration(
      EngineSnapshot snapshot, List<ResourceStatus> resources, Predicate<String> wanted) {
    var dump = ListenersConfigDump.newBuilder().setVersionInfo(snapshot.listenersVersion());
    var dynamic = new LinkedHashMap<String, DynamicListener.Builder>();
    Stream.concat(snapshot.listeners().stream(), snapshot.warmingListeners().stream())
        .filter(listener -> !listener.origin().viaApi())
        .filter(listener -> wanted.test(listener.origin().name()))
        .forEach(listener -> dump.addStaticListeners(fixed(listener)));
    for (var listener : snapshot.listeners()) {
      if (listener.origin().viaApi()) {
        entry(dynamic, listener.origin().name()).setActiveState(state(listener));
      }
    }
    for (var listener : snapshot.warmingListeners()) {
      if (listener.origin().viaApi()) {
        entry(dynamic, listener.origin().name()).setWarmingState(state(listener));
      }
    }
    for (var listener : snapshot.drainingListeners()) {
      entry(dynamic, listener.origin().name()).setDrainingState(state(listener));
    }
    for (var resource : resources) {
      if (resource.failure() != null) {
        entry(dynamic, resource.name()).setErrorState(WireDump.failure(resource.failure()));
      }
    }
    dynamic.keySet().removeIf(wanted.negate());
    dynamic.values().forEach(dump::addDynamicListeners);
    return dump.build();
  }

  private static DynamicListener.Builder entry(
      Map<String, DynamicListener.Builder> dynamic, String name) {
    return dynamic.computeIfAbsent(name, _ -> DynamicListener.newBuilder().setName(name));
  }

  private static StaticListener fixed(ListenerStatus listener) {
    return StaticListener.newBuilder()
        .setListener(wire(listener))
        .setLastUpdated(WireDump.time(listener.origin().since()))
        .build();
  }

  private static DynamicListenerState state(ListenerStatus listener) {
    return DynamicListenerState.newBuilder()
        .setVersionInfo(listener.origin().resource().version())
        .setListener(wire(listener))
        .setLastUpdated(WireDump.time(listener.origin().since()))
        .build();
  }

  private static Any wire(ListenerStatus listener) {
    return listener.origin().resource().wire();
  }
}
