package dev.weir.config;

/// A filter that looks at a connection before its filter chain is chosen.
public sealed interface ListenerFilterConfig {

  /// `envoy.filters.listener.tls_inspector`: learns SNI and ALPN from the ClientHello.
  ///
  /// @param maxClientHelloSize in bytes
  record TlsInspector(int maxClientHelloSize) implements ListenerFilterConfig {}
}
