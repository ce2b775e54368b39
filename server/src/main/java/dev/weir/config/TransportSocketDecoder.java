package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;

/// Makes [TransportSocketConfig]s, for listeners and clusters alike.
final class TransportSocketDecoder {
  private TransportSocketDecoder() {}

  /// Who is at the other end.
  enum Side {
    /// Clients.
    DOWNSTREAM,
    /// Hosts of a cluster.
    UPSTREAM
  }

  static TransportSocketConfig socket(TransportSocket wire, Side side, Field at)
      throws InvalidResourceException {
    var typedAt = at.at("typed_config");
    var typed = ExtensionDecoder.unpack(wire.getName(), wire.getTypedConfig(), typedAt);
    return switch (typed) {
      case RawBuffer _ -> new TransportSocketConfig.RawBuffer();
      case UpstreamTlsContext tls when side == Side.UPSTREAM -> TlsDecoder.upstream(tls, typedAt);
      case DownstreamTlsContext tls when side == Side.DOWNSTREAM ->
          TlsDecoder.downstream(tls, typedAt);
      case ProxyProtocolUpstreamTransport proxy when side == Side.UPSTREAM ->
          ProxyHeaderDecoder.transport(
              proxy,
              socket(proxy.getTransportSocket(), side, typedAt.at("transport_socket")),
              typedAt);
      default ->
          throw ExtensionDecoder.unregistered(
              wire.getName(), typed.getDescriptorForType().getFullName(), typedAt);
    };
  }
}
