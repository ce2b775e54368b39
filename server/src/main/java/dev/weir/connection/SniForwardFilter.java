package dev.weir.connection;

import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.upstream.dns.DnsCache;
import dev.weir.upstream.dns.DnsCache.Loaded;

/// `envoy.filters.network.sni_dynamic_forward_proxy`: waits until the name that a client asks for
/// has been looked up, so that a dynamic forward proxy cluster has a host for it. Any worker.
public final class SniForwardFilter implements NetworkFilter {
  private final DnsCache cache;
  private final int port;

  /// @param port of hosts whose port nobody says
  public SniForwardFilter(DnsCache cache, int port) {
    this.cache = cache;
    this.port = port;
  }

  @Override
  public void onNewConnection(Connection connection, Runnable next) {
    var state = connection.filterState();
    var told = state.text(StateFactory.DYNAMIC_HOST);
    var host = told == null ? connection.info().serverName() : told;
    if (host.isEmpty()) {
      next.run();
      return;
    }
    if (state.number(StateFactory.DYNAMIC_PORT) == null) {
      state.set(StateFactory.DYNAMIC_PORT.key(), new StateValue.Number(port, false));
    }
    var wanted = state.number(StateFactory.DYNAMIC_PORT);
    var name = DnsCache.Name.of(host, wanted == null ? port : wanted.intValue());
    cache.load(
        name,
        connection.worker()::execute,
        loaded -> {
          if (loaded == Loaded.KNOWN) {
            next.run();
          } else {
            connection.close(CloseReason.PEER);
          }
        });
  }
}
