package dev.weir.upstream.http;

import dev.weir.config.HttpProtocol;

/// What a stream is wanted for.
///
/// @param downstream what the client speaks, which clusters with `use_downstream_protocol_config`
///   follow
/// @param serverName the SNI for a new connection, where `auto_sni` is set: the request's host
///   without its port; empty for the transport socket's own
public record StreamRequest(HttpProtocol downstream, String serverName) {
  /// For those who have no client that speaks HTTP.
  public static final StreamRequest PLAIN = new StreamRequest(HttpProtocol.HTTP1, "");
}
