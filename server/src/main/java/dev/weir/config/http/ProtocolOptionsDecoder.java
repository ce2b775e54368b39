package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerHttp2ProtocolOptions;
import dev.weir.proto.newer.NewerHttpConnectionManager;
import dev.weir.proto.newer.NewerHttpProtocolOptions;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.time.Duration;

/// Makes [Http1Config], [Http2Config] and [HttpTiming].
final class ProtocolOptionsDecoder {
  private static final int TABLE_SIZE = 4096;
  private static final int STREAMS = 1024;
  private static final int STREAM_WINDOW = 16 * 1024 * 1024;
  private static final int CONNECTION_WINDOW = 24 * 1024 * 1024;
  private static final int OUTBOUND_FRAMES = 10_000;
  private static final int OUTBOUND_CONTROL_FRAMES = 1_000;
  private static final int PRIORITIES = 100;
  private static final int WINDOW_UPDATES = 10;
  private static final int RESET_BURST = 1000;
  private static final int RESET_RATE = 33;
  private static final double KEEPALIVE_JITTER = 15;
  private static final Duration STREAM_IDLE = Duration.ofMinutes(5);
  private static final Duration CONNECTION_IDLE = Duration.ofHours(1);
  private static final Duration DRAIN = Duration.ofSeconds(5);
  private static final Duration DELAYED_CLOSE = Duration.ofSeconds(1);

  private ProtocolOptionsDecoder() {}

  @SuppressWarnings("deprecation") // to say what is not honoured
  static Http1Config http1(Http1ProtocolOptions wire, boolean streamErrors, Field at) {
    at.withoutEffect(wire.getHeaderKeyFormat().hasStatefulFormatter(), "header_key_format");
    at.withoutEffect(wire.getSendFullyQualifiedUrl(), "send_fully_qualified_url");
    at.withoutEffect(
        wire.hasUseBalsaParser() && !wire.getUseBalsaParser().getValue(), "use_balsa_parser");
    at.withoutEffect(wire.getAllowCustomMethods(), "allow_custom_methods");
    at.withoutEffect(wire.getIgnoreHttp11UpgradeCount() > 0, "ignore_http_11_upgrade");
    return new Http1Config(
        ScalarDecoder.bool(wire.hasAllowAbsoluteUrl(), wire.getAllowAbsoluteUrl(), true),
        wire.getAcceptHttp10(),
        wire.getDefaultHostForHttp10(),
        wire.getEnableTrailers(),
        wire.getAllowChunkedLength(),
        ScalarDecoder.bool(
            wire.hasOverrideStreamErrorOnInvalidHttpMessage(),
            wire.getOverrideStreamErrorOnInvalidHttpMessage(),
            streamErrors),
        wire.getHeaderKeyFormat().hasProperCaseWords()
            ? Http1Config.LetterCase.PROPER
            : Http1Config.LetterCase.LOWER);
  }

  @SuppressWarnings("deprecation") // older fields are read too
  static Http2Config http2(Http2ProtocolOptions wire, boolean streamErrors, Field at) {
    at.withoutEffect(wire.getAllowMetadata(), "allow_metadata");
    var newer = NewerFields.of(wire, NewerHttp2ProtocolOptions.getDefaultInstance());
    at.withoutEffect(wire.hasUseOghttp2Codec(), "use_oghttp2_codec");
    at.withoutEffect(wire.hasMaxMetadataSize(), "max_metadata_size");
    at.withoutEffect(newer.hasEnableHuffmanEncoding(), "enable_huffman_encoding");
    at.withoutEffect(newer.hasMaxHeaderFieldSizeKb(), "max_header_field_size_kb");
    at.unsupported(newer.getDisallowObsText().getValue(), "disallow_obs_text");
    var keepalive = wire.getConnectionKeepalive();
    return new Http2Config(
        ScalarDecoder.size(wire.hasHpackTableSize(), wire.getHpackTableSize(), TABLE_SIZE),
        ScalarDecoder.uint32(
            wire.hasMaxConcurrentStreams(), wire.getMaxConcurrentStreams(), STREAMS),
        new Http2Config.Windows(
            ScalarDecoder.size(
                wire.hasInitialStreamWindowSize(),
                wire.getInitialStreamWindowSize(),
                STREAM_WINDOW),
            ScalarDecoder.size(
                wire.hasInitialConnectionWindowSize(),
                wire.getInitialConnectionWindowSize(),
                CONNECTION_WINDOW)),
        wire.getAllowConnect(),
        ScalarDecoder.bool(
            wire.hasOverrideStreamErrorOnInvalidHttpMessage(),
            wire.getOverrideStreamErrorOnInvalidHttpMessage(),
            wire.getStreamErrorOnInvalidHttpMessaging() || streamErrors),
        floods(wire),
        CustomSettingsDecoder.decode(wire, at),
        new Http2Config.Keepalive(
            ScalarDecoder.duration(keepalive.hasInterval(), keepalive.getInterval(), Duration.ZERO),
            keepalive.hasIntervalJitter()
                ? keepalive.getIntervalJitter().getValue()
                : KEEPALIVE_JITTER,
            ScalarDecoder.duration(keepalive.hasTimeout(), keepalive.getTimeout(), Duration.ZERO)));
  }

  private static Http2Config.FloodLimits floods(Http2ProtocolOptions wire) {
    var newer = NewerFields.of(wire, NewerHttp2ProtocolOptions.getDefaultInstance());
    return new Http2Config.FloodLimits(
        ScalarDecoder.size(
            wire.hasMaxOutboundFrames(), wire.getMaxOutboundFrames(), OUTBOUND_FRAMES),
        ScalarDecoder.size(
            wire.hasMaxOutboundControlFrames(),
            wire.getMaxOutboundControlFrames(),
            OUTBOUND_CONTROL_FRAMES),
        ScalarDecoder.size(
            wire.hasMaxConsecutiveInboundFramesWithEmptyPayload(),
            wire.getMaxConsecutiveInboundFramesWithEmptyPayload(),
            1),
        ScalarDecoder.uint32(
            wire.hasMaxInboundPriorityFramesPerStream(),
            wire.getMaxInboundPriorityFramesPerStream(),
            PRIORITIES),
        ScalarDecoder.uint32(
            wire.hasMaxInboundWindowUpdateFramesPerDataFrameSent(),
            wire.getMaxInboundWindowUpdateFramesPerDataFrameSent(),
            WINDOW_UPDATES),
        new Http2Config.Resets(
            newer.hasStreamResetBurst() ? newer.getStreamResetBurst().getValue() : RESET_BURST,
            newer.hasStreamResetRate() ? newer.getStreamResetRate().getValue() : RESET_RATE));
  }

  static HttpTiming timing(HttpConnectionManager wire, Field commonAt)
      throws InvalidResourceException {
    var common = wire.getCommonHttpProtocolOptions();
    commonAt.withoutEffect(
        NewerFields.of(common, NewerHttpProtocolOptions.getDefaultInstance())
            .hasMaxConnectionDurationJitter(),
        "max_connection_duration_jitter");
    var newer = NewerFields.of(wire, NewerHttpConnectionManager.getDefaultInstance());
    return new HttpTiming(
        ScalarDecoder.duration(
            wire.hasRequestHeadersTimeout(), wire.getRequestHeadersTimeout(), Duration.ZERO),
        ScalarDecoder.duration(wire.hasRequestTimeout(), wire.getRequestTimeout(), Duration.ZERO),
        ScalarDecoder.duration(
            wire.hasStreamIdleTimeout(), wire.getStreamIdleTimeout(), STREAM_IDLE),
        newer.hasStreamFlushTimeout()
            ? ScalarDecoder.duration(newer.getStreamFlushTimeout())
            : null,
        ScalarDecoder.duration(
            common.hasMaxStreamDuration(), common.getMaxStreamDuration(), Duration.ZERO),
        ScalarDecoder.duration(common.hasIdleTimeout(), common.getIdleTimeout(), CONNECTION_IDLE),
        ScalarDecoder.duration(
            common.hasMaxConnectionDuration(), common.getMaxConnectionDuration(), Duration.ZERO),
        ScalarDecoder.duration(wire.hasDrainTimeout(), wire.getDrainTimeout(), DRAIN),
        ScalarDecoder.duration(
            wire.hasDelayedCloseTimeout(), wire.getDelayedCloseTimeout(), DELAYED_CLOSE));
  }
}
