package dev.weir.transport.tls;

import dev.weir.telemetry.Counter;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;

/// Where one transport counts, below its listener or cluster. Any thread may count; the main loop
/// closes.
final class TlsScopes {
  private final StatScope ssl;
  private final StatScope factory;
  final TlsStats stats;
  final Counter updates;
  final Counter downstreamNotReady;
  final Counter upstreamNotReady;

  /// @param owner `listener.<address>` or `cluster.<name>`
  /// @param side `server` or `client`
  TlsScopes(StatScope owner, String side) {
    ssl = owner.scope("ssl", StatFamilies.SSL);
    factory = owner.scope(side + "_ssl_socket_factory", StatFamilies.SSL_SOCKET_FACTORY);
    stats = new TlsStats(ssl);
    updates = factory.counter("ssl_context_update_by_sds");
    downstreamNotReady = factory.counter("downstream_context_secrets_not_ready");
    upstreamNotReady = factory.counter("upstream_context_secrets_not_ready");
  }

  void close() {
    ssl.close();
    factory.close();
  }
}
