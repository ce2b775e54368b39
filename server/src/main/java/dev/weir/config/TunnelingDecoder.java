package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.TunnelingConfig;

/// Checks `tunneling_config`.
final class TunnelingDecoder {
  private TunnelingDecoder() {}

  static void check(TunnelingConfig wire, Field at) throws InvalidResourceException {
    LogTemplate.parse(wire.getHostname(), at.at("hostname"));
    at.check(
        wire.getPostPath().isEmpty() || wire.getUsePost(),
        "Can't set a post path when POST method isn't used");
    at.each("headers_to_add", wire.getHeadersToAddList(), TunnelingDecoder::header);
    at.check(false, "not supported yet");
  }

  private static LogTemplate header(HeaderValueOption wire, Field at)
      throws InvalidResourceException {
    HeaderDecoder.checkChangeable(wire.getHeader().getKey(), "modified", at);
    return LogTemplate.parse(wire.getHeader().getValue(), at.at("header").at("value"));
  }
}
