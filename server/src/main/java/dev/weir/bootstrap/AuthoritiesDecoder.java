package dev.weir.bootstrap;

import dev.weir.config.ConfigSourceDecoder;
import dev.weir.config.Field;
import dev.weir.xds.Authorities;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads whom to ask for resources whose names tell it: `config_sources` and
/// `default_config_source`. As in Envoy 1.40, they are asked only where a runtime key says so; they
/// have to be right in any case.
final class AuthoritiesDecoder {
  private static final String IN_USE =
      "envoy.reloadable_features.xdstp_based_config_singleton_subscriptions";

  private final Bootstrap wire;
  private final DynamicsDecoder dynamics;

  /// @param dynamics knows which control planes can be reached
  AuthoritiesDecoder(Bootstrap wire, DynamicsDecoder dynamics) {
    this.wire = wire;
    this.dynamics = dynamics;
  }

  Authorities authorities(Field at) {
    var named = new HashMap<String, dev.weir.xds.ConfigSource.Grpc>();
    for (int i = 0; i < wire.getConfigSourcesCount(); i++) {
      var there = at.at("config_sources", i);
      there.check(
          wire.getConfigSources(i).getAuthoritiesCount() > 0,
          "xdstp-based non-default config source must have at least one authority.");
      add(wire.getConfigSources(i), named, there);
    }
    var otherwise =
        wire.hasDefaultConfigSource()
            ? source(wire.getDefaultConfigSource(), at.at("default_config_source"))
            : null;
    var inUse = RuntimeLayers.of(wire.getLayeredRuntime()).isTrue(IN_USE);
    at.withoutEffect(wire.getConfigSourcesCount() > 0 && !inUse, "config_sources");
    at.withoutEffect(wire.hasDefaultConfigSource() && !inUse, "default_config_source");
    return inUse ? new Authorities(named, otherwise) : Authorities.none();
  }

  /// The first source of an authority counts.
  private void add(ConfigSource wire, Map<String, dev.weir.xds.ConfigSource.Grpc> named, Field at) {
    var source = source(wire, at);
    if (source != null) {
      wire.getAuthoritiesList()
          .forEach(authority -> named.putIfAbsent(authority.getName(), source));
    }
  }

  private dev.weir.xds.ConfigSource.@Nullable Grpc source(ConfigSource wire, Field at) {
    try {
      at.require(
          wire.hasApiConfigSource(),
          "Only api_config_source type is currently supported for xdstp-based config sources.");
      checkNames(wire, at);
      var type = wire.getApiConfigSource().getApiType();
      var there = at.at("api_config_source");
      there
          .at("api_type")
          .require(
              type == ApiType.AGGREGATED_GRPC || type == ApiType.AGGREGATED_DELTA_GRPC,
              "xdstp-based config source authority only supports AGGREGATED_GRPC and"
                  + " AGGREGATED_DELTA_GRPC types.");
      var source = ConfigSourceDecoder.aggregated(wire, at);
      dynamics.checkKnown(source.api(), there);
      return source;
    } catch (InvalidResourceException e) {
      at.note(e.violations());
      return null;
    }
  }

  private static void checkNames(ConfigSource wire, Field at) {
    var seen = new HashSet<String>();
    for (var authority : wire.getAuthoritiesList()) {
      at.check(
          seen.add(authority.getName()),
          "xdstp-based config source authority %s is configured more than once in an xdstp-based"
                  .formatted(authority.getName())
              + " config source.");
    }
  }
}
