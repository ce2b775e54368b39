package dev.weir.xds.decision;

import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import java.util.List;

/// What a rate limit service is asked (`envoy.service.ratelimit.v3.RateLimitRequest`).
///
/// @param descriptors each a list of entries
public record RateLimitQuestion(String domain, List<List<Entry>> descriptors) {
  /// The method that takes it.
  public static final String METHOD = "envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

  /// A part of a descriptor.
  public record Entry(String key, String value) {}

  /// The message.
  public byte[] encode() {
    var message = RateLimitRequest.newBuilder().setDomain(domain);
    for (var entries : descriptors) {
      var descriptor = RateLimitDescriptor.newBuilder();
      for (var entry : entries) {
        descriptor.addEntriesBuilder().setKey(entry.key).setValue(entry.value);
      }
      message.addDescriptors(descriptor);
    }
    return message.build().toByteArray();
  }
}
