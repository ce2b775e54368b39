package dev.weir.config.http;

import dev.weir.config.AccessLogDecoder;
import dev.weir.config.AccessLogs;
import dev.weir.config.ConfigSourceDecoder;
import dev.weir.config.Field;
import dev.weir.config.HttpConnectionManagerConfig;
import dev.weir.config.HttpConnectionManagerConfig.Codec;
import dev.weir.config.HttpConnectionManagerConfig.Limits;
import dev.weir.config.HttpConnectionManagerConfig.Protocols;
import dev.weir.config.HttpConnectionManagerConfig.Routes;
import dev.weir.config.HttpConnectionManagerConfig.Upgrade;
import dev.weir.config.ScalarDecoder;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerHttpConnectionManager;
import dev.weir.xds.InvalidResourceException;
import dev.weir.xds.XdstpName;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Makes [HttpConnectionManagerConfig]s. Any thread may call.
public final class HttpConnectionManagerDecoder {
  private static final int HEADER_KIB = 60;
  private static final int HEADER_COUNT = 100;

  private HttpConnectionManagerDecoder() {}

  /// Reads the message of a network filter.
  ///
  /// @throws InvalidResourceException if there is no going on with it
  public static HttpConnectionManagerConfig decode(HttpConnectionManager wire, Field at)
      throws InvalidResourceException {
    refuse(wire, at);
    warn(wire, at);
    at.check(
        wire.getHttpFiltersCount() > 0 && !wire.getHttpFiltersList().isEmpty(),
        "http_filters must end with a router");
    return new HttpConnectionManagerConfig(
        wire.getStatPrefix(),
        switch (wire.getCodecType()) {
          case AUTO, UNRECOGNIZED -> Codec.AUTO;
          case HTTP1 -> Codec.HTTP1;
          case HTTP2 -> Codec.HTTP2;
          case HTTP3 -> throw at.at("codec_type").invalid("HTTP3 is not supported");
        },
        routes(wire, at),
        HttpFilterDecoder.chain("http_filters", wire.getHttpFiltersList(), at),
        upgrades(wire, at),
        new Protocols(
            ProtocolOptionsDecoder.http1(
                wire.getHttpProtocolOptions(),
                wire.getStreamErrorOnInvalidHttpMessage().getValue(),
                at.at("http_protocol_options")),
            ProtocolOptionsDecoder.http2(
                wire.getHttp2ProtocolOptions(),
                wire.getStreamErrorOnInvalidHttpMessage().getValue(),
                at.at("http2_protocol_options")),
            limits(wire)),
        ProtocolOptionsDecoder.timing(wire, at.at("common_http_protocol_options")),
        RequestRulesDecoder.rules(wire, at),
        LocalReplyDecoder.replies(wire.getLocalReplyConfig(), at.at("local_reply_config")),
        accessLogs(wire, at));
  }

  /// Fields that decide about requests, and that we cannot honour.
  private static void refuse(HttpConnectionManager wire, Field at) {
    var newer = NewerFields.of(wire, NewerHttpConnectionManager.getDefaultInstance());
    at.unsupported(newer.hasForwardClientCertMatcher(), "forward_client_cert_matcher");
    at.unsupported(newer.hasForwardProtoConfig(), "forward_proto_config");
    at.unsupported(wire.hasPathNormalizationOptions(), "path_normalization_options");
    at.unsupported(wire.hasTypedHeaderValidationConfig(), "typed_header_validation_config");
  }

  private static void warn(HttpConnectionManager wire, Field at) {
    var newer = NewerFields.of(wire, NewerHttpConnectionManager.getDefaultInstance());
    at.withoutEffect(wire.hasTracing(), "tracing");
    at.withoutEffect(wire.hasHttp3ProtocolOptions(), "http3_protocol_options");
    at.withoutEffect(wire.hasProxyStatusConfig(), "proxy_status_config");
    at.withoutEffect(newer.hasDrainTimeoutJitter(), "drain_timeout_jitter");
    at.withoutEffect(newer.getRecordRouteResolutionStats(), "record_route_resolution_stats");
    at.withoutEffect(
        wire.hasAddProxyProtocolConnectionState()
            && !wire.getAddProxyProtocolConnectionState().getValue(),
        "add_proxy_protocol_connection_state");
    at.withoutEffect(wire.getAppendLocalOverload(), "append_local_overload");
    at.withoutEffect(
        wire.getHttp1SafeMaxConnectionDuration(), "http1_safe_max_connection_duration");
  }

  private static Routes routes(HttpConnectionManager wire, Field at)
      throws InvalidResourceException {
    return switch (wire.getRouteSpecifierCase()) {
      case ROUTE_CONFIG ->
          new Routes.Inline(RouteTableDecoder.table(wire.getRouteConfig(), at.at("route_config")));
      case RDS -> {
        var there = at.at("rds");
        there.check(
            wire.getRds().hasConfigSource() || XdstpName.is(wire.getRds().getRouteConfigName()),
            "config_source: value is required");
        yield new Routes.Rds(
            ConfigSourceDecoder.source(
                wire.getRds().getRouteConfigName(),
                wire.getRds().getConfigSource(),
                there.at("config_source")),
            wire.getRds().getRouteConfigName());
      }
      case SCOPED_ROUTES -> throw at.at("scoped_routes").invalid("not supported");
      case ROUTESPECIFIER_NOT_SET -> throw at.invalid("route_specifier is required");
    };
  }

  private static Map<String, Upgrade> upgrades(HttpConnectionManager wire, Field at) {
    var upgrades = new HashMap<String, Upgrade>();
    at.each(
        "upgrade_configs",
        wire.getUpgradeConfigsList(),
        (upgrade, there) -> {
          var type = upgrade.getUpgradeType().toLowerCase(Locale.ROOT);
          var before =
              upgrades.put(
                  type,
                  new Upgrade(
                      ScalarDecoder.bool(upgrade.hasEnabled(), upgrade.getEnabled(), true),
                      HttpFilterDecoder.chain("filters", upgrade.getFiltersList(), there)));
          there.check(
              before == null,
              "Error: multiple upgrade configs with the same name: '"
                  + upgrade.getUpgradeType()
                  + "'");
          return type;
        });
    return Map.copyOf(upgrades);
  }

  private static Limits limits(HttpConnectionManager wire) {
    var common = wire.getCommonHttpProtocolOptions();
    return new Limits(
        ScalarDecoder.size(wire.hasMaxRequestHeadersKb(), wire.getMaxRequestHeadersKb(), HEADER_KIB)
            * 1024,
        ScalarDecoder.size(common.hasMaxHeadersCount(), common.getMaxHeadersCount(), HEADER_COUNT),
        ScalarDecoder.size(
            common.hasMaxRequestsPerConnection(), common.getMaxRequestsPerConnection(), 0));
  }

  @SuppressWarnings("deprecation") // what access_log_options was before
  private static AccessLogs accessLogs(HttpConnectionManager wire, Field at) {
    var logs = at.each("access_log", wire.getAccessLogList(), AccessLogDecoder::decode);
    if (!wire.hasAccessLogOptions()) {
      return new AccessLogs(
          logs,
          ScalarDecoder.duration(
              wire.hasAccessLogFlushInterval(), wire.getAccessLogFlushInterval(), Duration.ZERO),
          false,
          wire.getFlushAccessLogOnNewRequest());
    }
    at.check(
        !wire.getFlushAccessLogOnNewRequest(),
        "Only one of flush_access_log_on_new_request or access_log_options can be specified.");
    at.check(
        !wire.hasAccessLogFlushInterval(),
        "Only one of access_log_flush_interval or access_log_options can be specified.");
    var options = wire.getAccessLogOptions();
    return new AccessLogs(
        logs,
        ScalarDecoder.duration(
            options.hasAccessLogFlushInterval(),
            options.getAccessLogFlushInterval(),
            Duration.ZERO),
        options.getFlushLogOnTunnelSuccessfullyEstablished(),
        options.getFlushAccessLogOnNewRequest());
  }
}
