package dev.weir.config;

import dev.weir.config.TunnelingConfig.RequestId;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerTunnelingConfig;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes [TunnelingConfig]s.
final class TunnelingDecoder {
  private static final String REQUEST_ID_HEADER = "x-request-id";
  private static final String REQUEST_ID_KEY = "tunnel_request_id";

  private TunnelingDecoder() {}

  static TunnelingConfig tunneling(TcpProxy.TunnelingConfig wire, Field at)
      throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerTunnelingConfig.getDefaultInstance());
    at.unsupported(newer.getFormattersCount() > 0, "formatters");
    var hostname = LogTemplate.parse(wire.getHostname(), at.at("hostname"));
    at.check(
        wire.getPostPath().isEmpty() || wire.getUsePost(),
        "Can't set a post path when POST method isn't used");
    return new TunnelingConfig(
        hostname,
        wire.getUsePost() ? (wire.getPostPath().isEmpty() ? "/" : wire.getPostPath()) : null,
        at.each("headers_to_add", wire.getHeadersToAddList(), TunnelingDecoder::addition),
        wire.getPropagateResponseHeaders(),
        wire.getPropagateResponseTrailers(),
        requestId(newer, at));
  }

  private static HeaderAddition addition(HeaderValueOption wire, Field at)
      throws InvalidResourceException {
    var header = wire.getHeader();
    HeaderDecoder.checkChangeable(header.getKey(), "modified", at);
    return new HeaderAddition(
        header.getKey().toLowerCase(Locale.ROOT),
        LogTemplate.parse(value(header), at.at("header").at("value")),
        HeaderDecoder.action(wire, at),
        wire.getKeepEmptyValue());
  }

  private static String value(HeaderValue wire) {
    return wire.getRawValue().isEmpty() ? wire.getValue() : wire.getRawValue().toStringUtf8();
  }

  private static @Nullable RequestId requestId(NewerTunnelingConfig wire, Field at)
      throws InvalidResourceException {
    if (!wire.hasRequestIdExtension()) {
      return null;
    }
    var extensionAt = at.at("request_id_extension").at("typed_config");
    var any = wire.getRequestIdExtension().getTypedConfig();
    if (!any.getTypeUrl().isEmpty()) {
      var message = ExtensionDecoder.unpack("request_id_extension", any, extensionAt);
      extensionAt.check(
          message instanceof UuidRequestIdConfig,
          "only %s is supported".formatted(UuidRequestIdConfig.getDescriptor().getFullName()));
    }
    var header = wire.getRequestIdHeader();
    var key = wire.getRequestIdMetadataKey();
    return new RequestId(
        header.isEmpty() ? REQUEST_ID_HEADER : header.toLowerCase(Locale.ROOT),
        key.isEmpty() ? REQUEST_ID_KEY : key);
  }
}
