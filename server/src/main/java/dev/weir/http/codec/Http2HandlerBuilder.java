package dev.weir.http.codec;

import dev.weir.http.codec.Http2Handler.Options;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Settings;

/// Puts together Netty's parts for [Http2Handler]. Its connection's worker only.
final class Http2HandlerBuilder
    extends AbstractHttp2ConnectionHandlerBuilder<Http2Handler, Http2HandlerBuilder> {
  private static final char ENABLE_CONNECT_PROTOCOL = 8;

  private final CodecOwner owner;
  private final Options options;

  Http2HandlerBuilder(CodecOwner owner, Options options) {
    this.owner = owner;
    this.options = options;
    server(true);
    frameListener(new Http2EventAdapter());
    initialSettings(new Http2Settings().maxHeaderListSize(options.limits().headerBytes()));
    validateHeaders(true);
    validateRequiredPseudoHeaders(true);
    encoderIgnoreMaxHeaderListSize(true);
    var floods = options.http2().floods();
    decoderEnforceMaxConsecutiveEmptyDataFrames(0); // FrameWatch counts them,
    decoderEnforceMaxRstFramesPerWindow(0, 0); // and these
    encoderEnforceMaxQueuedControlFrames(floods.outboundControlFrames());
    gracefulShutdownTimeoutMillis(0);
  }

  @Override
  protected Http2Handler build() {
    return super.build();
  }

  /// The limit of header bytes is for the decoder alone: Envoy does not tell it.
  @Override
  protected Http2Handler build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings ignored) {
    var http2 = options.http2();
    var settings =
        new Http2Settings()
            .headerTableSize(http2.tableSize())
            .maxConcurrentStreams(http2.maxConcurrentStreams())
            .initialWindowSize(http2.windows().stream());
    settings.put(ENABLE_CONNECT_PROTOCOL, Long.valueOf(http2.allowConnect() ? 1 : 0));
    http2.customSettings().forEach((identifier, value) -> put(settings, identifier, value));
    return new Http2Handler(decoder, encoder, settings, owner, options);
  }

  private static void put(Http2Settings settings, int identifier, long value) {
    if (identifier != Http2CodecUtil.SETTINGS_ENABLE_PUSH) { // a server never says it
      settings.put((char) identifier, Long.valueOf(value));
    }
  }
}
