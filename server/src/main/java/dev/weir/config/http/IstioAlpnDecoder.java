package dev.weir.config.http;

import dev.weir.config.HttpProtocol;
import dev.weir.proto.istio.alpn.FilterConfig;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Makes [HttpFilterConfig.IstioAlpn]s.
final class IstioAlpnDecoder {
  private IstioAlpnDecoder() {}

  static HttpFilterConfig.IstioAlpn alpn(FilterConfig wire) {
    var offers = new EnumMap<HttpProtocol, List<String>>(HttpProtocol.class);
    for (var one : wire.getAlpnOverrideList()) {
      switch (one.getUpstreamProtocol()) {
        case HTTP11 -> offers.put(HttpProtocol.HTTP1, List.copyOf(one.getAlpnOverrideList()));
        case HTTP2 -> offers.put(HttpProtocol.HTTP2, List.copyOf(one.getAlpnOverrideList()));
        case HTTP10, UNRECOGNIZED -> {} // never spoken with a host
      }
    }
    return new HttpFilterConfig.IstioAlpn(Map.copyOf(offers));
  }
}
