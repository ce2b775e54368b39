package dev.weir.config;

/// A filter that looks at a connection before its filter chain is chosen.
public sealed interface ListenerFilterConfig {

  /// `envoy.filters.listener.tls_inspector`: learns SNI and ALPN from the ClientHello.
  ///
  /// @param maxClientHelloSize in bytes
  /// @param closeOnParsingError closes a connection that begins like TLS and goes on otherwise,
  ///   instead of taking it for plaintext
  record TlsInspector(int maxClientHelloSize, boolean closeOnParsingError)
      implements ListenerFilterConfig {}
}
