package dev.weir.xds;

import java.util.List;
import java.util.Set;

/// Who puts resources into force. Called on the main loop only.
@FunctionalInterface
public interface ResourceSink<T> {
  /// Applies what a push changed. Removals come before additions where they compete, as for an
  /// address. Also called with nothing in it: a wildcard subscriber learns of each response.
  ///
  /// @return what cannot be applied, such as a listener whose port is taken: becomes part of the
  ///   NACK, and the cache goes back to the value before. Not what `update.rejected()` says already
  List<Rejected> apply(Update<T> update);

  /// The control plane has not answered within the source's `initial_fetch_timeout`. It may still
  /// do so.
  ///
  /// @param names what was asked for and has not come; empty for a wildcard
  default void initialFetchTimedOut(Set<String> names) {}

  /// The control plane, or the file, could not supply anything: unreachable, unreadable, or an
  /// error for this resource (`resource_errors`). What is in force stays, and the attempt goes on.
  default void failed(String reason) {}
}
