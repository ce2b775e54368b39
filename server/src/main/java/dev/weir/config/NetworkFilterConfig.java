package dev.weir.config;

import java.time.Duration;

/// A network filter of a filter chain.
public sealed interface NetworkFilterConfig
    permits TcpProxyConfig,
        ExtAuthzConfig,
        RateLimitConfig,
        HttpConnectionManagerConfig,
        IstioStatsConfig,
        NetworkFilterConfig.Absent,
        NetworkFilterConfig.Discovered,
        NetworkFilterConfig.Rbac,
        NetworkFilterConfig.Echo,
        NetworkFilterConfig.DirectResponse,
        NetworkFilterConfig.ConnectionLimit,
        NetworkFilterConfig.LocalRateLimit,
        NetworkFilterConfig.SniCluster,
        NetworkFilterConfig.SetFilterState,
        NetworkFilterConfig.SniForward {

  /// Whether this filter decides who may connect. A change of such a filter drains the connections
  /// that were admitted under the former one. A filter that only counts them does not.
  default boolean decidesAdmission() {
    return false;
  }

  /// Whether this filter ends the chain.
  default boolean terminal() {
    return false;
  }

  /// `envoy.filters.network.echo`.
  record Echo() implements NetworkFilterConfig {
    @Override
    public boolean terminal() {
      return true;
    }
  }

  /// `envoy.filters.network.direct_response`.
  ///
  /// @param hex the answer, in hexadecimal so that two records compare by content
  record DirectResponse(String hex) implements NetworkFilterConfig {
    @Override
    public boolean terminal() {
      return true;
    }
  }

  /// `envoy.filters.network.connection_limit`.
  ///
  /// @param max of all connections of the chain together
  /// @param delay how long a connection that is too many is kept waiting before it is closed
  /// @param enabled `runtime_enabled`
  record ConnectionLimit(String statPrefix, long max, Duration delay, boolean enabled)
      implements NetworkFilterConfig {}

  /// `envoy.filters.network.local_ratelimit`.
  record LocalRateLimit(LocalRateLimitConfig limit) implements NetworkFilterConfig {}

  /// `envoy.filters.network.sni_cluster`: the cluster is the one that the SNI names.
  record SniCluster() implements NetworkFilterConfig {}

  /// `envoy.filters.network.set_filter_state`.
  record SetFilterState(SetFilterStateConfig state) implements NetworkFilterConfig {}

  /// `envoy.filters.network.rbac`.
  record Rbac(RbacConfig config) implements NetworkFilterConfig {
    @Override
    public boolean decidesAdmission() {
      return true;
    }
  }

  /// A filter whose configuration is pushed by itself. What is pushed concerns new connections
  /// only.
  record Discovered(FilterDiscovery<NetworkFilterConfig> discovery) implements NetworkFilterConfig {
    @Override
    public boolean decidesAdmission() {
      return true; // it may be anything
    }

    @Override
    public boolean terminal() {
      return discovery.last();
    }
  }

  /// A filter that we do not have and that nothing is lost without.
  record Absent(String typeName) implements NetworkFilterConfig {}

  /// `envoy.filters.network.sni_dynamic_forward_proxy`.
  ///
  /// @param cache where the name is looked up
  /// @param port of hosts whose port nobody says
  record SniForward(ClusterConfig.DnsCacheConfig cache, int port) implements NetworkFilterConfig {}
}
