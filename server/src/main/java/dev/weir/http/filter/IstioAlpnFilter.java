package dev.weir.http.filter;

import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.config.http.HttpFilterConfig.IstioAlpn;
import org.jspecify.annotations.Nullable;

/// `istio.alpn`: by what a connection to a host offers, a sidecar there tells mesh traffic from
/// other, and HTTP from bytes. Immutable; any worker.
final class IstioAlpnFilter implements HttpFilterFactory {
  private final StateValue offers;

  IstioAlpnFilter(IstioAlpn config) {
    this.offers = new StateValue.Offers(config.offers());
  }

  @Override
  public @Nullable HttpFilter create(FilterStream stream) {
    stream.record().filterState(StateFactory.APPLICATION_PROTOCOLS.key(), offers);
    return null;
  }
}
