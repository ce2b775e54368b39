package dev.weir.config;

import com.google.protobuf.Message;
import dev.weir.proto.WireTypes;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.ExtensionConfigSource;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes [FilterDiscovery]s.
public final class FilterDiscoveryDecoder {
  private FilterDiscoveryDecoder() {}

  /// Reads the configuration of a filter from its message.
  public interface Typed<C> {
    /// Reads it.
    ///
    /// @throws InvalidResourceException if it cannot be put into force
    C decode(Message message, Field at) throws InvalidResourceException;
  }

  /// Which filter it is.
  ///
  /// @param last whether it is the last of its chain
  public record Place(String name, FilterDiscovery.Kind kind, boolean last) {}

  /// Reads where the configuration of a filter comes from.
  ///
  /// @param at the source's field
  /// @throws InvalidResourceException if nothing could come from there
  public static <C> FilterDiscovery<C> decode(
      Place place, ExtensionConfigSource wire, Typed<C> typed, Field at)
      throws InvalidResourceException {
    var types = new HashSet<String>();
    for (var typeUrl : wire.getTypeUrlsList()) {
      var type = WireTypes.nameOf(typeUrl);
      at.at("type_urls")
          .require(
              WireTypes.prototype(type) != null,
              "Error: no factory found for a required type URL " + typeUrl + ".");
      types.add(type);
    }
    at.require(
        !wire.getApplyDefaultConfigWithoutWarming() || wire.hasDefaultConfig(),
        "Error: filter config "
            + place.name
            + " applied without warming but has no default config.");
    return new FilterDiscovery<>(
        place.name,
        place.kind,
        ConfigSourceDecoder.source(wire.getConfigSource(), at.at("config_source")),
        Set.copyOf(types),
        wire.hasDefaultConfig() ? fallback(place, wire, types, typed, at) : null,
        !wire.getApplyDefaultConfigWithoutWarming(),
        place.last);
  }

  private static <C> @Nullable C fallback(
      Place place, ExtensionConfigSource wire, Set<String> types, Typed<C> typed, Field at)
      throws InvalidResourceException {
    var there = at.at("default_config");
    var message = ExtensionDecoder.unpack(place.name, wire.getDefaultConfig(), there);
    var type = message.getDescriptorForType().getFullName();
    there.require(types.contains(type), unexpected(type, types));
    return typed.decode(message, there);
  }

  private static String unexpected(String type, Set<String> types) {
    return "Error: filter config has type URL %s but expect %s."
        .formatted(type, String.join(", ", types));
  }
}
