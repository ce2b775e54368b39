package dev.weir.http.codec;

import dev.weir.http.codec.Http2Handler.Options;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;

/// Puts together Netty's parts for [Http2Handler]. Its connection's worker only.
final class Http2HandlerBuilder {
  private static final char ENABLE_CONNECT_PROTOCOL = 8;
  private static final int RESERVED_STREAMS = 100;

  /// How much larger than the limit a head may be, as it is sent, so that only its stream is reset.
  private static final long ROOM = 64 * 1024;

  private Http2HandlerBuilder() {}

  static Http2Handler build(CodecOwner owner, Options options) {
    var connection = new DefaultHttp2Connection(true, RESERVED_STREAMS);
    var frames = new OutboundFrames(options.http2().floods(), options.stats());
    var encoder = new DefaultHttp2ConnectionEncoder(connection, frames);
    var decoder =
        new DefaultHttp2ConnectionDecoder(
            connection,
            encoder,
            new DefaultHttp2FrameReader(headers(options.limits().headerBytes())),
            Http2PromisedRequestVerifier.ALWAYS_VERIFY,
            true,
            true,
            true,
            true);
    return new Http2Handler(decoder, encoder, settings(options), frames, owner, options);
  }

  private static DefaultHttp2HeadersDecoder headers(int limit) {
    var headers = new DefaultHttp2HeadersDecoder(true, limit);
    try {
      headers.maxHeaderListSize(limit, 2L * limit + ROOM);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e); // the limit is positive
    }
    return headers;
  }

  /// The limit of header bytes is for the decoder alone: Envoy does not tell it.
  private static Http2Settings settings(Options options) {
    var http2 = options.http2();
    var settings =
        new Http2Settings()
            .headerTableSize(http2.tableSize())
            .maxConcurrentStreams(http2.maxConcurrentStreams())
            .initialWindowSize(http2.windows().stream());
    settings.put(ENABLE_CONNECT_PROTOCOL, Long.valueOf(http2.allowConnect() ? 1 : 0));
    http2.customSettings().forEach((identifier, value) -> put(settings, identifier, value));
    return settings;
  }

  private static void put(Http2Settings settings, int identifier, long value) {
    if (identifier != Http2CodecUtil.SETTINGS_ENABLE_PUSH) { // a server never says it
      settings.put((char) identifier, Long.valueOf(value));
    }
  }
}
