package dev.weir.xds;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which control plane is tried next: the preferred one, once it has ever answered; until then each
/// in turn. Main loop only.
final class Failover {
  private final List<String> names;
  private int attempts;
  private boolean preferredHasAnswered;
  private @Nullable String lastAnswered;

  /// @param names at least one, the preferred one first
  Failover(List<String> names) {
    this.names = names;
  }

  String next() {
    return names.get(preferredHasAnswered ? 0 : attempts++ % names.size());
  }

  void answered(String name) {
    lastAnswered = name;
    preferredHasAnswered |= name.equals(names.getFirst());
  }

  /// Whether all that we hold, if anything, came from this one, so that its versions mean something
  /// to it.
  boolean knows(String name) {
    return lastAnswered == null || lastAnswered.equals(name);
  }
}
