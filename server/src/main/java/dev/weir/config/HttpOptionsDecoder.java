package dev.weir.config;

import com.google.protobuf.Any;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;

/// Checks `typed_extension_protocol_options`.
final class HttpOptionsDecoder {
  private static final String HTTP = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  private static final String TCP = "envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions";

  private HttpOptionsDecoder() {}

  static void check(Cluster wire, Field at) throws InvalidResourceException {
    for (var entry : wire.getTypedExtensionProtocolOptionsMap().entrySet()) {
      check(
          wire,
          entry.getKey(),
          entry.getValue(),
          at.at("typed_extension_protocol_options", entry.getKey()));
    }
  }

  private static boolean hasAlpn(Cluster cluster) {
    return cluster.getTransportSocket().getTypedConfig().is(UpstreamTlsContext.class);
  }

  private static void check(Cluster cluster, String name, Any any, Field at)
      throws InvalidResourceException {
    at.require(
        name.equals(HTTP) || name.equals(TCP),
        "Didn't find a registered network or http filter or protocol options implementation for"
            + " name: '%s'".formatted(name));
    var options = ExtensionDecoder.unpack(name, any, at);
    at.require(
        options.getDescriptorForType().getFullName().equals(name),
        "holds a " + options.getDescriptorForType().getFullName());
    at.withoutEffect(name.equals(TCP), "idle_timeout");
    at.check(
        !(options instanceof HttpProtocolOptions http && http.hasAutoConfig()) || hasAlpn(cluster),
        "ALPN configured for cluster %s which has a non-ALPN transport socket"
            .formatted(cluster.getName()));
  }

  /// Whether the hosts speak HTTP/2 for sure.
  @SuppressWarnings("deprecation") // http2_protocol_options is what the typed options were before
  static boolean speaksHttp2(Cluster wire) throws InvalidResourceException {
    var any = wire.getTypedExtensionProtocolOptionsMap().get(HTTP);
    if (any == null) {
      return wire.hasHttp2ProtocolOptions();
    }
    var at = Field.root("typed_extension_protocol_options");
    return ExtensionDecoder.unpack(HTTP, any, at) instanceof HttpProtocolOptions options
        && options.getExplicitHttpConfig().hasHttp2ProtocolOptions();
  }
}
