package dev.weir.upstream.http;

import dev.weir.config.HttpProtocol;
import dev.weir.transport.Introduction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a stream is wanted for.
///
/// @param downstream what the client speaks, which clusters with `use_downstream_protocol_config`
///   follow
/// @param serverName the SNI for a new connection, where `auto_sni` is set: the request's host
///   without its port; empty for the transport socket's own
/// @param highPriority whether the cluster's limits of high priority apply
/// @param offers what a new connection offers by ALPN; empty for what is configured
/// @param introduction what a PROXY header tells of the client, to which the connection then
///   belongs; null for none
public record StreamRequest(
    HttpProtocol downstream,
    String serverName,
    boolean highPriority,
    List<String> offers,
    @Nullable Introduction introduction) {
  /// For those who have no client that speaks HTTP.
  public static final StreamRequest PLAIN = new StreamRequest(HttpProtocol.HTTP1, "");

  /// With nothing of its own to offer.
  public StreamRequest(HttpProtocol downstream, String serverName) {
    this(downstream, serverName, false, List.of(), null);
  }
}
