package dev.weir.config;

/// A network filter of a filter chain.
public sealed interface NetworkFilterConfig
    permits TcpProxyConfig, HttpConnectionManagerConfig, NetworkFilterConfig.Echo {

  /// Whether this filter decides who may connect. A change of such a filter drains the connections
  /// that were admitted under the former one.
  boolean decidesAdmission();

  /// Whether this filter ends the chain.
  boolean terminal();

  /// `envoy.filters.network.echo`.
  record Echo() implements NetworkFilterConfig {
    @Override
    public boolean decidesAdmission() {
      return false;
    }

    @Override
    public boolean terminal() {
      return true;
    }
  }
}
