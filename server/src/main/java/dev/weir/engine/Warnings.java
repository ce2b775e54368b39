package dev.weir.engine;

import dev.weir.xds.Rejected;
import java.util.List;

/// Says what there is to say about configuration.
final class Warnings {
  private static final System.Logger LOG = System.getLogger("misc");

  private static final System.Logger UPSTREAM_LOG = System.getLogger("upstream");

  private Warnings() {}

  /// Says what is wrong with one resource. What is wrong with a response as a whole is said by
  /// those who got it.
  ///
  /// @param whose the kind of resource, such as `lds: listener`
  static void rejected(String whose, Rejected bad) {
    if (!bad.name().isEmpty()) {
      UPSTREAM_LOG.log(
          System.Logger.Level.WARNING,
          "{0} ''{1}'' config rejected: {2}",
          whose,
          bad.name(),
          bad.reason());
    }
  }

  /// A line for each thing to be said of configuration that was accepted.
  ///
  /// @param whose the resource, such as `lds: ingress`
  static void log(String whose, List<String> warnings) {
    for (var warning : warnings) {
      LOG.log(System.Logger.Level.WARNING, "{0}: {1}", whose, warning);
    }
  }
}
