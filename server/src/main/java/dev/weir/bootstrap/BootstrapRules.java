package dev.weir.bootstrap;

import com.google.protobuf.Any;
import dev.weir.config.Field;
import dev.weir.proto.NewerFields;
import dev.weir.proto.WireTypes;
import dev.weir.proto.newer.NewerBootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.metrics.v3.StatsConfig;
import java.util.HashSet;
import java.util.Set;

/// Rules of the start configuration that hold whether a field has an effect here or not, and the
/// notes on those that have none.
final class BootstrapRules {
  /// What is read by somebody.
  private static final Set<String> IN_EFFECT =
      Set.of(
          "node",
          "static_resources",
          "dynamic_resources",
          "cluster_manager",
          "admin",
          "stats_config",
          "stats_flush_interval",
          "typed_dns_resolver_config",
          "dns_resolution_config",
          "default_regex_engine",
          "config_sources",
          "default_config_source",
          "application_log_config");

  private BootstrapRules() {}

  @SuppressWarnings("deprecation") // former fields are refused or told of
  static void check(Bootstrap wire, Field at) {
    checkRegexEngine(wire, at.at("default_regex_engine"));
    at.check(
        !wire.hasStatsFlushInterval() || !wire.hasStatsFlushOnAdmin(),
        "Only one of stats_flush_interval or stats_flush_on_admin should be set!");
    at.check(
        !wire.hasWatchdog() || !wire.hasWatchdogs(),
        "Only one of watchdog or watchdogs should be set!");
    checkRuntime(wire.getLayeredRuntime(), at.at("layered_runtime"));
    checkStats(wire.getStatsConfig(), at.at("stats_config"));
    for (int i = 0; i < wire.getStatsSinksCount(); i++) {
      var sink = wire.getStatsSinks(i);
      checkKnown(sink.getName(), sink.getTypedConfig(), at.at("stats_sinks", i));
    }
    for (int i = 0; i < wire.getBootstrapExtensionsCount(); i++) {
      checkKnown(wire.getBootstrapExtensions(i), at.at("bootstrap_extensions", i));
    }
    var monitors = wire.getOverloadManager().getResourceMonitorsList();
    for (int i = 0; i < monitors.size(); i++) {
      checkKnown(
          monitors.get(i).getName(),
          monitors.get(i).getTypedConfig(),
          at.at("overload_manager").at("resource_monitors", i));
    }
    noteWithoutEffect(wire, at);
  }

  /// There is one engine, and it is Envoy's default.
  private static void checkRegexEngine(Bootstrap wire, Field at) {
    var engine = wire.getDefaultRegexEngine();
    var type = WireTypes.nameOf(engine.getTypedConfig().getTypeUrl());
    at.check(
        !wire.hasDefaultRegexEngine() || type.equals("envoy.extensions.regex_engines.v3.GoogleRE2"),
        "Didn't find a registered implementation for '%s' with type URL: '%s'"
            .formatted(engine.getName(), type));
  }

  private static void checkRuntime(LayeredRuntime wire, Field at) {
    var names = new HashSet<String>();
    for (var layer : wire.getLayersList()) {
      at.check(names.add(layer.getName()), "Duplicate layer name: " + layer.getName());
    }
    at.check(
        wire.getLayersList().stream().filter(layer -> layer.hasAdminLayer()).count() <= 1,
        "Too many admin layers specified in LayeredRuntime, at most one may be specified");
  }

  private static void checkStats(StatsConfig wire, Field at) {
    for (int i = 0; i < wire.getStatsTagsCount(); i++) {
      var tag = wire.getStatsTags(i);
      var there = at.at("stats_tags", i);
      there.check(
          tag.hasRegex() || tag.hasFixedValue() || tag.getTagName().startsWith("envoy."),
          "No regex specified for tag specifier and no default regex for name: '"
              + tag.getTagName()
              + "'");
    }
  }

  private static void checkKnown(TypedExtensionConfig wire, Field at) {
    checkKnown(wire.getName(), wire.getTypedConfig(), at);
  }

  /// An extension of the API, or of the reference proxy, is known by its package.
  private static void checkKnown(String name, Any any, Field at) {
    var type = WireTypes.nameOf(any.getTypeUrl());
    at.check(
        WireTypes.isTypedStruct(type)
            || type.startsWith("envoy.config.metrics.")
            || type.startsWith("envoy.extensions.bootstrap.")
            || type.startsWith("envoy.extensions.resource_monitors.")
            || type.startsWith("envoy.extensions.stat_sinks.")
            || type.startsWith("envoy.extensions.wasm."),
        "Didn't find a registered implementation for '%s' with type URL: '%s'"
            .formatted(name, type));
  }

  private static void noteWithoutEffect(Bootstrap wire, Field at) {
    wire.getAllFields()
        .keySet()
        .forEach(field -> at.withoutEffect(!IN_EFFECT.contains(field.getName()), field.getName()));
    var newer = NewerFields.of(wire, NewerBootstrap.getDefaultInstance());
    newer.getAllFields().keySet().forEach(field -> at.withoutEffect(true, field.getName()));
    var manager = at.at("cluster_manager");
    manager.withoutEffect(wire.getClusterManager().hasLoadStatsConfig(), "load_stats_config");
    manager
        .at("outlier_detection")
        .withoutEffect(
            wire.getClusterManager().getOutlierDetection().hasEventService(), "event_service");
    manager.withoutEffect(
        wire.getClusterManager().getEnableDeferredClusterCreation(),
        "enable_deferred_cluster_creation");
  }
}
