package dev.weir.xds;

import java.util.Set;

/// What somebody wants of a type. Main loop only.
public interface Subscription extends AutoCloseable {
  /// Wants these names from now on, in place of those before. A name that is new, or comes back, is
  /// delivered even if it has not changed.
  void update(Set<String> names);

  /// Wants nothing any more: the sink is not called again.
  @Override
  void close();
}
