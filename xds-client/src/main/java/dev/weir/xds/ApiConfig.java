package dev.weir.xds;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A gRPC control plane and the manner of speaking to it (`envoy.config.core.v3.ApiConfigSource`).
///
/// @param controlPlanes names of control planes, the preferred one first; the next is tried where
///   none before it has ever answered
/// @param delta the incremental protocol rather than state of the world
/// @param nodeOnFirstMessageOnly whether later requests of a stream leave out the node
/// @param rateLimit for all requests; null limits only the NACKs, by [RateLimit#DEFAULT]
/// @param backoff between attempts to connect
/// @param initialMetadata headers of each stream
public record ApiConfig(
    List<String> controlPlanes,
    boolean delta,
    boolean nodeOnFirstMessageOnly,
    @Nullable RateLimit rateLimit,
    Backoff backoff,
    List<Header> initialMetadata) {

  /// Copies the lists.
  ///
  /// @throws IllegalArgumentException if there is no control plane
  public ApiConfig {
    if (controlPlanes.isEmpty()) {
      throw new IllegalArgumentException("no control plane");
    }
    controlPlanes = List.copyOf(controlPlanes);
    initialMetadata = List.copyOf(initialMetadata);
  }

  /// One control plane, everything else as the API's defaults have it.
  public static ApiConfig of(String controlPlane, boolean delta) {
    return new ApiConfig(List.of(controlPlane), delta, false, null, Backoff.DEFAULT, List.of());
  }

  /// A token bucket (`RateLimitSettings`).
  ///
  /// @param maxTokens how many requests may be sent at once, ≥ 1
  /// @param fillRate tokens per second, > 0
  public record RateLimit(int maxTokens, double fillRate) {
    /// A hundred at once, then ten a second.
    public static final RateLimit DEFAULT = new RateLimit(100, 10);
  }

  /// Full jitter: a wait is anything from nothing up to a bound that doubles (`RetryPolicy`'s
  /// `retry_back_off`).
  ///
  /// @param base the first bound
  /// @param max the last bound
  public record Backoff(Duration base, Duration max) {
    /// From half a second to half a minute.
    public static final Backoff DEFAULT =
        new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
  }

  /// A header of a stream (`HeaderValue`).
  ///
  /// @param name in lower case; binary where it ends in `-bin`
  /// @param value ASCII, or base64 for a binary one
  public record Header(String name, String value) {}
}
