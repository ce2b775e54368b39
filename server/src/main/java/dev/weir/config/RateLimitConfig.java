package dev.weir.config;

import java.util.List;

/// `envoy.filters.network.ratelimit`: a gRPC service says whether there are too many connections.
///
/// @param descriptors what is counted, for the service
/// @param failClosed whether connections end about which the service cannot be asked
public record RateLimitConfig(
    String statPrefix,
    String domain,
    List<Descriptor> descriptors,
    GrpcServiceConfig service,
    boolean failClosed)
    implements NetworkFilterConfig {
  public RateLimitConfig {
    descriptors = List.copyOf(descriptors);
  }

  /// One thing that is counted.
  public record Descriptor(List<Entry> entries) {
    public Descriptor {
      entries = List.copyOf(entries);
    }
  }

  /// A part of a descriptor.
  ///
  /// @param value with access log operators
  public record Entry(String key, LogTemplate value) {}
}
