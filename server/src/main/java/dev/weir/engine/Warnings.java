package dev.weir.engine;

import java.util.List;

/// Says what there is to say about configuration that was accepted.
final class Warnings {
  private static final System.Logger LOG = System.getLogger("misc");

  private Warnings() {}

  /// A line for each.
  ///
  /// @param whose the resource, such as `lds: ingress`
  static void log(String whose, List<String> warnings) {
    for (var warning : warnings) {
      LOG.log(System.Logger.Level.WARNING, "{0}: {1}", whose, warning);
    }
  }
}
