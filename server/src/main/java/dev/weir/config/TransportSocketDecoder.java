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

  static TransportSocketConfig socket(TransportSocket wire, Field at)
      throws InvalidResourceException {
    var typedAt = at.at("typed_config");
    var typed = ExtensionDecoder.unpack(wire.getName(), wire.getTypedConfig(), typedAt);
    return switch (typed) {
      case RawBuffer _ -> new TransportSocketConfig.RawBuffer();
      case UpstreamTlsContext _, DownstreamTlsContext _ ->
          throw typedAt.invalid("TLS is not supported yet");
      case ProxyProtocolUpstreamTransport proxy ->
          ProxyHeaderDecoder.transport(
              proxy, socket(proxy.getTransportSocket(), typedAt.at("transport_socket")), typedAt);
      default ->
          throw ExtensionDecoder.unregistered(
              wire.getName(), typed.getDescriptorForType().getFullName(), typedAt);
    };
  }
}
