package dev.weir.config;

import dev.weir.config.UpstreamHttpConfig.AutoSni;
import dev.weir.config.UpstreamHttpConfig.Choice;
import dev.weir.config.UpstreamHttpConfig.Http1;
import dev.weir.config.UpstreamHttpConfig.Http2;
import dev.weir.config.UpstreamHttpConfig.Keepalive;
import dev.weir.config.UpstreamHttpConfig.Lifetime;
import dev.weir.config.UpstreamHttpConfig.Limits;
import dev.weir.config.http.CustomSettingsDecoder;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import java.time.Duration;

/// Reads the options of both versions of HTTP, as they are spoken with hosts.
final class HttpVersionsDecoder {
  private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);
  private static final int TABLE_SIZE = 4096;
  private static final int MAX_STREAMS = 1024;
  private static final int STREAM_WINDOW = 16 * 1024 * 1024;
  private static final int CONNECTION_WINDOW = 24 * 1024 * 1024;
  private static final int HEADER_KIB = 60;
  private static final int HEADER_COUNT = 100;

  private final Http1ProtocolOptions http1;
  private final Http2ProtocolOptions http2;
  private final Field http1At;
  private final Field http2At;

  /// @param at where both are found as `http_protocol_options` and `http2_protocol_options`
  HttpVersionsDecoder(Http1ProtocolOptions http1, Http2ProtocolOptions http2, Field at) {
    this.http1 = http1;
    this.http2 = http2;
    this.http1At = at.at("http_protocol_options");
    this.http2At = at.at("http2_protocol_options");
  }

  /// @param maxRequests per connection, where `common` does not say; 0 for no limit
  UpstreamHttpConfig config(
      Choice choice, HttpProtocolOptions common, long maxRequests, AutoSni sni) {
    return new UpstreamHttpConfig(
        choice,
        http1(),
        http2(),
        lifetime(common, maxRequests),
        limits(common),
        sni,
        Duration.ZERO);
  }

  private Http1 http1() {
    var format = http1.getHeaderKeyFormat();
    http1At.withoutEffect(format.hasStatefulFormatter(), "header_key_format");
    return new Http1(
        http1.getEnableTrailers(),
        http1.getAllowChunkedLength(),
        http1.getSendFullyQualifiedUrl(),
        format.hasProperCaseWords());
  }

  private Http2 http2() {
    http2At.withoutEffect(http2.getAllowMetadata(), "allow_metadata");
    http2At.withoutEffect(
        !CustomSettingsDecoder.decode(http2, http2At).isEmpty(), "custom_settings_parameters");
    return new Http2(
        ScalarDecoder.uint32(http2.hasHpackTableSize(), http2.getHpackTableSize(), TABLE_SIZE),
        ScalarDecoder.uint32(
            http2.hasMaxConcurrentStreams(), http2.getMaxConcurrentStreams(), MAX_STREAMS),
        ScalarDecoder.size(
            http2.hasInitialStreamWindowSize(), http2.getInitialStreamWindowSize(), STREAM_WINDOW),
        ScalarDecoder.size(
            http2.hasInitialConnectionWindowSize(),
            http2.getInitialConnectionWindowSize(),
            CONNECTION_WINDOW),
        ScalarDecoder.size(
            http2.hasMaxConsecutiveInboundFramesWithEmptyPayload(),
            http2.getMaxConsecutiveInboundFramesWithEmptyPayload(),
            1),
        http2.hasConnectionKeepalive()
            ? keepalive(http2.getConnectionKeepalive())
            : Keepalive.NONE);
  }

  private static Keepalive keepalive(KeepaliveSettings wire) {
    return new Keepalive(
        ScalarDecoder.duration(wire.hasInterval(), wire.getInterval(), Duration.ZERO),
        ScalarDecoder.duration(wire.getTimeout()),
        wire.hasIntervalJitter() ? wire.getIntervalJitter().getValue() : 15,
        ScalarDecoder.duration(
            wire.hasConnectionIdleInterval(), wire.getConnectionIdleInterval(), Duration.ZERO));
  }

  private static Lifetime lifetime(HttpProtocolOptions wire, long maxRequests) {
    return new Lifetime(
        ScalarDecoder.duration(wire.hasIdleTimeout(), wire.getIdleTimeout(), IDLE_TIMEOUT),
        ScalarDecoder.duration(
            wire.hasMaxConnectionDuration(), wire.getMaxConnectionDuration(), Duration.ZERO),
        ScalarDecoder.uint32(
            wire.hasMaxRequestsPerConnection(), wire.getMaxRequestsPerConnection(), maxRequests),
        ScalarDecoder.duration(
            wire.hasMaxStreamDuration(), wire.getMaxStreamDuration(), Duration.ZERO));
  }

  private static Limits limits(HttpProtocolOptions wire) {
    return new Limits(
        1024
            * ScalarDecoder.size(
                wire.hasMaxResponseHeadersKb(), wire.getMaxResponseHeadersKb(), HEADER_KIB),
        ScalarDecoder.size(wire.hasMaxHeadersCount(), wire.getMaxHeadersCount(), HEADER_COUNT));
  }
}
