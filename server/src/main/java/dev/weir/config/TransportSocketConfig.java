package dev.weir.config;

import java.util.Map;

/// How bytes travel on a connection (`config.core.v3.TransportSocket`).
public sealed interface TransportSocketConfig {

  /// Plaintext: `envoy.transport_sockets.raw_buffer`, or no transport socket at all.
  record RawBuffer() implements TransportSocketConfig {}

  /// A PROXY header, and then what another transport sends (`ProxyProtocolUpstreamTransport`).
  record ProxyProtocol(ProxyHeaderConfig header, TransportSocketConfig inner)
      implements TransportSocketConfig {}

  /// A transport for hosts whose metadata say so (`Cluster.TransportSocketMatch`).
  ///
  /// @param criteria what a host's `envoy.transport_socket_match` metadata have to have; empty
  ///   matches every host
  record Match(String name, Map<String, MetadataValue> criteria, TransportSocketConfig socket) {}
}
