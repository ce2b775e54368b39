package dev.weir.config.http;

import java.util.List;

/// A checked `config.route.v3.RateLimit`: how a descriptor is made of a request.
///
/// @param stage which filters it is for
public record RateLimitRule(int stage, List<Action> actions) {

  /// A key and its value.
  public record Entry(String key, String value) {}

  /// Adds one entry to a descriptor.
  public sealed interface Action {
    /// `generic_key`: always the same.
    record Constant(Entry entry) implements Action {}

    /// `request_headers`: the first value of a header.
    ///
    /// @param name in lower case
    /// @param optional whether there is a descriptor where it is absent
    record Header(String key, String name, boolean optional) implements Action {}

    /// `query_parameters`: the first value of a parameter.
    ///
    /// @param optional whether there is a descriptor where it is absent
    record Query(String key, String name, boolean optional) implements Action {}

    /// `remote_address`: the client's IP address.
    record RemoteAddress() implements Action {}

    /// `destination_cluster`: where the route leads.
    record DestinationCluster() implements Action {}

    /// `header_value_match`: always the same, if all headers match or are expected not to.
    record HeadersMatch(Entry entry, boolean expected, List<HeaderMatch> headers)
        implements Action {}
  }
}
