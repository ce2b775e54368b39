package dev.weir.config.http;

import dev.weir.config.DataSourceDecoder;
import dev.weir.config.Field;
import dev.weir.config.LogFilterDecoder;
import dev.weir.config.LogLayout;
import dev.weir.config.LogLayoutDecoder;
import dev.weir.config.http.LocalReplyConfig.Body;
import dev.weir.config.http.LocalReplyConfig.Mapper;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;

/// Makes [LocalReplyConfig]s.
final class LocalReplyDecoder {
  private LocalReplyDecoder() {}

  static LocalReplyConfig replies(
      io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig
          wire,
      Field at)
      throws InvalidResourceException {
    return new LocalReplyConfig(
        at.each("mappers", wire.getMappersList(), LocalReplyDecoder::mapper),
        wire.hasBodyFormat() ? body(wire.getBodyFormat(), at.at("body_format")) : null);
  }

  private static Mapper mapper(ResponseMapper wire, Field at) throws InvalidResourceException {
    return new Mapper(
        LogFilterDecoder.decode(wire.getFilter(), at.at("filter")),
        wire.getStatusCode().getValue(),
        wire.hasBody() ? DataSourceDecoder.text(wire.getBody(), at.at("body")) : null,
        wire.hasBodyFormatOverride()
            ? body(wire.getBodyFormatOverride(), at.at("body_format_override"))
            : null,
        HeaderRulesDecoder.additions("headers_to_add", wire.getHeadersToAddList(), at));
  }

  private static Body body(SubstitutionFormatString wire, Field at)
      throws InvalidResourceException {
    var layout = LogLayoutDecoder.decode(wire.toBuilder().clearContentType().build(), at);
    var type = layout instanceof LogLayout.Json ? "application/json" : "text/plain";
    return new Body(layout, wire.getContentType().isEmpty() ? type : wire.getContentType());
  }
}
