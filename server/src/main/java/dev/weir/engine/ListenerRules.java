package dev.weir.engine;

import dev.weir.config.ListenerConfig;
import java.util.Collection;
import java.util.Optional;

/// What a listener must not do to the others, or to its former self.
final class ListenerRules {
  private ListenerRules() {}

  /// Why the listener cannot be added; empty if it can.
  ///
  /// @param others all listeners but the one of this name
  static Optional<String> conflict(ListenerConfig added, Collection<ListenerConfig> others) {
    return added.conflictWith(others);
  }

  /// Why the listener cannot become that; empty if it can.
  static Optional<String> forbiddenChange(ListenerConfig from, ListenerConfig to) {
    if (from.bind().reusePort() != to.bind().reusePort()) {
      return Optional.of(
          "Listener " + to.name() + ": reuse port cannot be changed during an update");
    }
    var sameAddresses = from.bind().addresses().equals(to.bind().addresses());
    if (!to.bind().reusePort() && sameAddresses && !from.bind().equals(to.bind())) {
      return Optional.of(
          "Listener "
              + to.name()
              + ": socket options cannot be changed during an update while"
              + " 'enable_reuse_port' is false");
    }
    return Optional.empty();
  }

  /// Whether nothing but filter chains differs.
  static boolean onlyChainsDiffer(ListenerConfig from, ListenerConfig to) {
    var chains = to.chains();
    return !from.chains().equals(chains) && from.with(chains).equals(to);
  }
}
