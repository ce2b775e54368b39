package dev.weir.engine;

import dev.weir.config.Checked;
import dev.weir.xds.Accepted;
import java.time.Instant;

/// Where a live object comes from: what `/config_dump` tells of it.
///
/// @param resource as it was given, with its wire form
/// @param viaApi whether a control plane gave it; else the start configuration
/// @param since when it was accepted
public record Origin<T>(Accepted<Checked<T>> resource, boolean viaApi, Instant since) {
  /// The configuration itself.
  public T config() {
    return resource.value().value();
  }

  /// What it is called.
  public String name() {
    return resource.name();
  }

  /// Whether it is this resource already.
  boolean is(Accepted<Checked<T>> other) {
    return viaApi
        && resource.version().equals(other.version())
        && resource.value().equals(other.value());
  }
}
