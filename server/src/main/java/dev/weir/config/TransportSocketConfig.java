package dev.weir.config;

/// How bytes travel on a connection (`config.core.v3.TransportSocket`).
public sealed interface TransportSocketConfig {

  /// Plaintext: `envoy.transport_sockets.raw_buffer`, or no transport socket at all.
  record RawBuffer() implements TransportSocketConfig {}
}
