package dev.weir.config;

/// A filter that looks at a connection before its filter chain is chosen.
public sealed interface ListenerFilterConfig
    permits ListenerFilterConfig.TlsInspector,
        ListenerFilterConfig.HttpInspector,
        ListenerFilterConfig.OriginalDst,
        ListenerFilterConfig.LocalRateLimit,
        ListenerFilterConfig.SetFilterState,
        ListenerFilterConfig.Unless,
        ListenerFilterConfig.Discovered,
        ProxyProtocolConfig {

  /// Whether it tells TLS from other protocols.
  default boolean inspectsTls() {
    return false;
  }

  /// `envoy.filters.listener.tls_inspector`: learns SNI and ALPN from the ClientHello.
  ///
  /// @param maxClientHelloSize in bytes
  /// @param closeOnParsingError closes a connection that begins like TLS and goes on otherwise,
  ///   instead of taking it for plaintext
  /// @param ja3 whether to make a JA3 fingerprint of the hello
  /// @param ja4 whether to make a JA4 fingerprint of the hello
  record TlsInspector(int maxClientHelloSize, boolean closeOnParsingError, boolean ja3, boolean ja4)
      implements ListenerFilterConfig {

    /// The one that a listener gets which needs one and has none.
    public static final TlsInspector IMPLIED = new TlsInspector(16 * 1024, false, false, false);

    @Override
    public boolean inspectsTls() {
      return true;
    }
  }

  /// `envoy.filters.listener.http_inspector`: tells HTTP's versions by the request line.
  record HttpInspector() implements ListenerFilterConfig {}

  /// `envoy.filters.listener.original_dst`: restores the destination that `iptables` redirected.
  record OriginalDst() implements ListenerFilterConfig {}

  /// `envoy.filters.listener.local_ratelimit`: closes connections that come too fast.
  record LocalRateLimit(LocalRateLimitConfig limit) implements ListenerFilterConfig {}

  /// `envoy.filters.listener.set_filter_state`.
  record SetFilterState(SetFilterStateConfig state) implements ListenerFilterConfig {}

  /// A filter whose configuration is pushed by itself.
  record Discovered(FilterDiscovery<ListenerFilterConfig> discovery)
      implements ListenerFilterConfig {
    @Override
    public boolean inspectsTls() {
      return mayBe("envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector");
    }

    /// Whether a message of this name may configure it.
    public boolean mayBe(String type) {
      return discovery.types().contains(type);
    }
  }

  /// A filter that leaves some connections alone (`filter_disabled`).
  ///
  /// @param disabled for which connections it does nothing
  record Unless(ListenerFilterConfig filter, AcceptPredicate disabled)
      implements ListenerFilterConfig {
    @Override
    public boolean inspectsTls() {
      return filter.inspectsTls();
    }
  }
}
