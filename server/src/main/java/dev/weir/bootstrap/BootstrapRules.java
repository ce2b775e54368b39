package dev.weir.bootstrap;

import com.google.protobuf.Any;
import dev.weir.config.Field;
import dev.weir.proto.WireTypes;
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
          "application_log_config");

  private BootstrapRules() {}

  @SuppressWarnings("deprecation") // former fields are refused or told of
  static void check(Bootstrap wire, Field at) {
    refuse(wire, at);
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

  /// What would decide where names are looked up or resources come from.
  @SuppressWarnings("deprecation") // dns_resolution_config is only refused
  private static void refuse(Bootstrap wire, Field at) {
    at.unsupported(wire.hasDnsResolutionConfig(), "dns_resolution_config");
    at.unsupported(wire.hasDefaultConfigSource(), "default_config_source");
    at.unsupported(wire.getConfigSourcesCount() > 0, "config_sources");
    at.unsupported(wire.hasXdsDelegateExtension(), "xds_delegate_extension");
    at.unsupported(wire.hasXdsConfigTrackerExtension(), "xds_config_tracker_extension");
    at.unsupported(wire.hasDefaultRegexEngine(), "default_regex_engine");
    at.unsupported(
        wire.getCertificateProviderInstancesCount() > 0, "certificate_provider_instances");
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
