package dev.weir.xds;

import dev.weir.xds.ConfigSource.Grpc;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where resources come from whose names tell whom to ask ([XdstpName]): each over an aggregated
/// stream (the bootstrap's `config_sources` and `default_config_source`).
///
/// @param named by authority
/// @param otherwise for all other authorities; null for none
public record Authorities(Map<String, Grpc> named, @Nullable Grpc otherwise) {
  /// Copies the map.
  public Authorities {
    named = Map.copyOf(named);
  }

  /// No name tells whom to ask.
  public static Authorities none() {
    return new Authorities(Map.of(), null);
  }

  /// Whom to ask for a resource; null where its name does not tell, or names nobody we know.
  public @Nullable Grpc find(String name) {
    if (!XdstpName.is(name)) {
      return null;
    }
    try {
      return named.getOrDefault(XdstpName.parse(name).authority(), otherwise);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
