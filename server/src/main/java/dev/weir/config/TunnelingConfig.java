package dev.weir.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A checked `TcpProxy.TunnelingConfig`: the bytes go through a CONNECT or POST request.
///
/// @param hostname the request's authority, with access log operators
/// @param postPath the path of a POST; null for a CONNECT
/// @param headers added to the request, in order
/// @param propagateHeaders whether the response's headers become a filter state object
/// @param propagateTrailers whether its trailers do
/// @param requestId null for requests without an id
public record TunnelingConfig(
    LogTemplate hostname,
    @Nullable String postPath,
    List<HeaderAddition> headers,
    boolean propagateHeaders,
    boolean propagateTrailers,
    @Nullable RequestId requestId) {

  /// An id for each request.
  ///
  /// @param header in which it is sent, in lower case
  /// @param metadataKey under which it is kept, in `envoy.filters.network.tcp_proxy`
  public record RequestId(String header, String metadataKey) {}
}
