package dev.weir.lab;

/// What happened in the conversation of a control plane with one proxy. `node` is the id that the
/// proxy gave itself, `type` the type URL of the resources that are spoken of.
public sealed interface XdsEvent {

  String node();

  /// A stream has begun, and the proxy has said who it is.
  record Connected(String node) implements XdsEvent {}

  /// A response went out with this many resources, and names that are gone (delta only).
  record Sent(String node, String type, String version, int resources, int removed)
      implements XdsEvent {}

  /// The proxy took the response of this version (ACK).
  record Accepted(String node, String type, String version) implements XdsEvent {}

  /// The proxy refused the response of this version, or parts of it, and said why (NACK).
  record Rejected(String node, String type, String version, String reason) implements XdsEvent {}

  /// The stream has ended.
  record Disconnected(String node) implements XdsEvent {}
}
