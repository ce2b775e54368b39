package dev.weir.config;

/// What a matcher looks at: one text about a connection, or nothing
/// (`envoy.extensions.matching.common_inputs.network.v3`).
public sealed interface MatchInput {

  /// Something that every connection has or has not.
  enum Fact implements MatchInput {
    DESTINATION_IP,
    DESTINATION_PORT,
    SOURCE_IP,
    SOURCE_PORT,
    DIRECT_SOURCE_IP,
    /// `local`, or nothing.
    SOURCE_TYPE,
    SERVER_NAME,
    TRANSPORT_PROTOCOL,
    /// The list of the client, such as `'h2','http/1.1'`.
    APPLICATION_PROTOCOL
  }

  /// A filter state object.
  ///
  /// @param field of the object; empty for the whole
  record FilterState(String key, String field) implements MatchInput {}

  /// A header of a request.
  ///
  /// @param name in lower case
  record RequestHeader(String name) implements MatchInput {}

  /// What a matcher is about, and so what it may look at.
  enum About {
    CONNECTION,
    REQUEST,
    /// A request that looks for its route: at its headers only.
    ROUTE
  }
}
