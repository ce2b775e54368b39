package dev.weir.engine;

import dev.weir.config.Checked;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import dev.weir.xds.Rejected;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Says and counts what there is to say about configuration: what is refused, what has no effect,
/// what is deprecated, what nobody knows. Main loop only.
public final class ConfigNotes {
  private static final System.Logger LOG = System.getLogger("misc");
  private static final System.Logger CONFIG_LOG = System.getLogger("config");
  private static final System.Logger UPSTREAM_LOG = System.getLogger("upstream");

  private final StatScope server;
  private final StatScope runtime;
  private final boolean deprecatedToo;
  private final Set<String> seen = new HashSet<>();

  /// @param deprecatedToo whether deprecated fields are told of, and not only counted
  public ConfigNotes(Stats stats, boolean deprecatedToo) {
    this.server = stats.scope("server", StatFamilies.SERVER);
    this.runtime = stats.scope("runtime", StatFamilies.RUNTIME);
    this.deprecatedToo = deprecatedToo;
  }

  /// Says what is wrong with one resource. What is wrong with a response as a whole is said by
  /// those who got it.
  ///
  /// @param whose the kind of resource, such as `lds: listener`
  void rejected(String whose, Rejected bad) {
    if (!bad.name().isEmpty()) {
      UPSTREAM_LOG.log(
          System.Logger.Level.WARNING,
          "{0} ''{1}'' config rejected: {2}",
          whose,
          bad.name(),
          bad.reason());
    }
  }

  /// Says what there is to say of a resource that was accepted.
  ///
  /// @param whose the resource, such as `lds: ingress`
  void accepted(String whose, Checked<?> resource) {
    for (var warning : resource.warnings()) {
      LOG.log(System.Logger.Level.WARNING, "{0}: {1}", whose, warning);
    }
    deprecated(whose + ": ", resource.deprecated());
    for (var field : resource.unknown()) {
      unknown(List.of(field));
    }
  }

  private void deprecated(String prefix, Collection<String> fields) {
    for (var field : fields) {
      runtime.counter("deprecated_feature_use").increment();
      runtime.gauge("deprecated_feature_seen_since_process_start").add(1);
      if (deprecatedToo) {
        LOG.log(System.Logger.Level.WARNING, "{0}{1}", prefix, field);
      }
    }
  }

  /// Says that a message or file has fields that do not exist: once, however often it comes.
  void unknown(List<String> fields) {
    if (seen.add(String.join("; ", fields))) {
      server.counter("dynamic_unknown_fields").increment();
      for (var field : fields) {
        CONFIG_LOG.log(System.Logger.Level.WARNING, "Unknown field: {0}", field);
      }
    }
  }

  /// Says what there is to say of the start configuration beside its resources.
  ///
  /// @param strange what was understood, but has no effect or an odd spelling
  /// @param unknown fields that do not exist
  public void start(List<String> strange, List<String> deprecated, List<String> unknown) {
    for (var note : strange) {
      CONFIG_LOG.log(System.Logger.Level.WARNING, "{0}", note);
    }
    deprecated("", deprecated);
    if (!unknown.isEmpty()) {
      server.counter("static_unknown_fields").increment();
      for (var field : unknown) {
        CONFIG_LOG.log(System.Logger.Level.WARNING, "Unknown field: {0}", field);
      }
    }
  }
}
