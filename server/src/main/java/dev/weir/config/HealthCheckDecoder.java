package dev.weir.config;

import dev.weir.config.HealthCheckConfig.Connections;
import dev.weir.config.HealthCheckConfig.EventLog;
import dev.weir.config.HealthCheckConfig.HttpExpectation;
import dev.weir.config.HealthCheckConfig.HttpRequest;
import dev.weir.config.HealthCheckConfig.Intervals;
import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.config.HealthCheckConfig.ProxyHeader;
import dev.weir.config.HealthCheckConfig.Schedule;
import dev.weir.config.HealthCheckConfig.StatusRange;
import dev.weir.config.HealthCheckConfig.Thresholds;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerHealthCheck;
import dev.weir.proto.newer.NewerHttpHealthCheck;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.GrpcHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.TcpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.extensions.health_check.event_sinks.file.v3.HealthCheckEventFileSink;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes [HealthCheckConfig]s.
final class HealthCheckDecoder {
  private static final Duration NO_TRAFFIC = Duration.ofSeconds(60);
  private static final Set<RequestMethod> WITH_BODY =
      Set.of(RequestMethod.POST, RequestMethod.PUT, RequestMethod.PATCH, RequestMethod.OPTIONS);
  private static final int RESPONSE_BUFFER = 1024;

  private HealthCheckDecoder() {}

  /// @param http2 whether the cluster's hosts speak HTTP/2 for sure
  static HealthCheckConfig check(HealthCheck wire, String cluster, boolean http2, Field at)
      throws InvalidResourceException {
    at.withoutEffect(wire.hasEventService(), "event_service");
    if (wire.hasAltPort()) { // Envoy has the field, and does not look at it either.
      at.at("alt_port").warn("has no effect; an endpoint's health_check_config.port_value has");
    }
    return new HealthCheckConfig(
        NewerFields.of(wire, NewerHealthCheck.getDefaultInstance()).getName(),
        probe(wire, cluster, http2, at),
        schedule(wire),
        new Thresholds(
            ScalarDecoder.uint32(true, wire.getUnhealthyThreshold(), 1),
            ScalarDecoder.uint32(true, wire.getHealthyThreshold(), 1)),
        new Connections(
            ScalarDecoder.bool(wire.hasReuseConnection(), wire.getReuseConnection(), true),
            List.copyOf(wire.getTlsOptions().getAlpnProtocolsList()),
            wire.hasTransportSocketMatchCriteria()
                ? MetadataDecoder.fields(wire.getTransportSocketMatchCriteria())
                : null),
        eventLog(wire, at));
  }

  private static Schedule schedule(HealthCheck wire) {
    return new Schedule(
        ScalarDecoder.duration(wire.getTimeout()),
        ScalarDecoder.duration(wire.hasInitialJitter(), wire.getInitialJitter(), Duration.ZERO),
        ScalarDecoder.duration(wire.hasIntervalJitter(), wire.getIntervalJitter(), Duration.ZERO),
        Integer.toUnsignedLong(wire.getIntervalJitterPercent()),
        intervals(wire));
  }

  private static Intervals intervals(HealthCheck wire) {
    var regular = ScalarDecoder.duration(wire.getInterval());
    var unhealthy =
        ScalarDecoder.duration(wire.hasUnhealthyInterval(), wire.getUnhealthyInterval(), regular);
    var noTraffic =
        ScalarDecoder.duration(
            wire.hasNoTrafficInterval(), wire.getNoTrafficInterval(), NO_TRAFFIC);
    return new Intervals(
        regular,
        unhealthy,
        ScalarDecoder.duration(
            wire.hasUnhealthyEdgeInterval(), wire.getUnhealthyEdgeInterval(), unhealthy),
        ScalarDecoder.duration(
            wire.hasHealthyEdgeInterval(), wire.getHealthyEdgeInterval(), regular),
        noTraffic,
        ScalarDecoder.duration(
            wire.hasNoTrafficHealthyInterval(), wire.getNoTrafficHealthyInterval(), noTraffic));
  }

  @SuppressWarnings("deprecation") // event_log_path is what event_logger was before
  private static EventLog eventLog(HealthCheck wire, Field at) throws InvalidResourceException {
    var paths = new ArrayList<String>();
    if (!wire.getEventLogPath().isEmpty()) {
      paths.add(wire.getEventLogPath());
    }
    for (int i = 0; i < wire.getEventLoggerCount(); i++) {
      var logger = wire.getEventLogger(i);
      var loggerAt = at.at("event_logger", i);
      if (!(ExtensionDecoder.unpack(logger, loggerAt) instanceof HealthCheckEventFileSink sink)) {
        throw ExtensionDecoder.unregistered(
            logger.getName(), logger.getTypedConfig().getTypeUrl(), loggerAt);
      }
      paths.add(sink.getEventLogPath());
    }
    return new EventLog(
        List.copyOf(paths),
        wire.getAlwaysLogHealthCheckFailures(),
        wire.getAlwaysLogHealthCheckSuccess());
  }

  private static Probe probe(HealthCheck wire, String cluster, boolean http2, Field at)
      throws InvalidResourceException {
    return switch (wire.getHealthCheckerCase()) {
      case TCP_HEALTH_CHECK -> tcp(wire.getTcpHealthCheck(), at.at("tcp_health_check"));
      case HTTP_HEALTH_CHECK -> http(wire.getHttpHealthCheck(), at.at("http_health_check"));
      case GRPC_HEALTH_CHECK -> {
        at.check(http2, cluster + " cluster must support HTTP/2 for gRPC healthchecking");
        yield grpc(wire.getGrpcHealthCheck(), at.at("grpc_health_check"));
      }
      case CUSTOM_HEALTH_CHECK ->
          throw ExtensionDecoder.unregistered(
              wire.getCustomHealthCheck().getName(),
              wire.getCustomHealthCheck().getTypedConfig().getTypeUrl(),
              at.at("custom_health_check"));
      case HEALTHCHECKER_NOT_SET -> throw at.at("health_checker").invalid("is required");
    };
  }

  private static Probe tcp(TcpHealthCheck wire, Field at) throws InvalidResourceException {
    return new Probe.Tcp(
        wire.hasSend() ? hex(wire.getSend(), at.at("send")) : "",
        at.each("receive", wire.getReceiveList(), HealthCheckDecoder::hex),
        wire.hasProxyProtocolConfig()
            ? header(wire.getProxyProtocolConfig(), at.at("proxy_protocol_config"))
            : ProxyHeader.NONE);
  }

  private static ProxyHeader header(ProxyProtocolConfig wire, Field at) {
    at.withoutEffect(wire.hasPassThroughTlvs(), "pass_through_tlvs");
    at.withoutEffect(wire.getAddedTlvsCount() > 0, "added_tlvs");
    return wire.getVersion() == ProxyProtocolConfig.Version.V2 ? ProxyHeader.V2 : ProxyHeader.V1;
  }

  /// The payload in hexadecimal, which its text form is already.
  private static String hex(HealthCheck.Payload wire, Field at) throws InvalidResourceException {
    if (wire.hasBinary()) {
      return HexFormat.of().formatHex(wire.getBinary().toByteArray());
    }
    try {
      return HexFormat.of().formatHex(HexFormat.of().parseHex(wire.getText()));
    } catch (IllegalArgumentException _) {
      throw at.invalid("invalid hex string '" + wire.getText() + "'");
    }
  }

  private static Probe grpc(GrpcHealthCheck wire, Field at) {
    return new Probe.Grpc(
        wire.getServiceName(),
        wire.getAuthority(),
        at.each("initial_metadata", wire.getInitialMetadataList(), HeaderDecoder::header));
  }

  private static Probe http(HttpHealthCheck wire, Field at) throws InvalidResourceException {
    at.withoutEffect(
        NewerFields.of(wire, NewerHttpHealthCheck.getDefaultInstance()).getUseAlpnProtocol(),
        "use_alpn_protocol");
    at.at("codec_client_type")
        .check(wire.getCodecClientType() != CodecClientType.HTTP3, "HTTP3 is not supported");
    return new Probe.Http(
        request(wire, at),
        expectation(wire, at),
        wire.getCodecClientType() == CodecClientType.HTTP2);
  }

  private static HttpRequest request(HttpHealthCheck wire, Field at)
      throws InvalidResourceException {
    var method =
        wire.getMethod() == RequestMethod.METHOD_UNSPECIFIED ? RequestMethod.GET : wire.getMethod();
    at.check(
        !wire.hasSend() || WITH_BODY.contains(method),
        ("HTTP health check cannot specify a request payload with method '%s'. Only methods that"
                + " support a request body (POST, PUT, PATCH, OPTIONS) can be used with payload.")
            .formatted(method));
    wire.getRequestHeadersToRemoveList()
        .forEach(name -> HeaderDecoder.checkChangeable(name, "removed", at));
    return new HttpRequest(
        method.name(),
        wire.getHost(),
        wire.getPath(),
        at.each("request_headers_to_add", wire.getRequestHeadersToAddList(), HeaderDecoder::header),
        List.copyOf(wire.getRequestHeadersToRemoveList()),
        wire.hasSend() ? hex(wire.getSend(), at.at("send")) : "");
  }

  private static HttpExpectation expectation(HttpHealthCheck wire, Field at)
      throws InvalidResourceException {
    var statuses = ranges("expected", wire.getExpectedStatusesList(), at);
    return new HttpExpectation(
        statuses.isEmpty() ? List.of(new StatusRange(200, 201)) : statuses,
        ranges("retriable", wire.getRetriableStatusesList(), at),
        at.each("receive", wire.getReceiveList(), HealthCheckDecoder::hex),
        ScalarDecoder.uint64(
            wire.hasResponseBufferSize(), wire.getResponseBufferSize(), RESPONSE_BUFFER),
        serviceName(wire, at));
  }

  private static @Nullable TextMatch serviceName(HttpHealthCheck wire, Field at)
      throws InvalidResourceException {
    return wire.hasServiceNameMatcher()
        ? TextMatchDecoder.decode(wire.getServiceNameMatcher(), at.at("service_name_matcher"))
        : null;
  }

  private static List<StatusRange> ranges(String kind, List<Int64Range> wire, Field at) {
    return at.each(
        kind + "_statuses",
        wire,
        (range, there) -> {
          long start = range.getStart();
          long end = range.getEnd();
          var error = "Invalid http " + kind + " status range: expecting ";
          there.require(
              start < end,
              error + "start < end, but found start=%d and end=%d".formatted(start, end));
          there.require(start >= 100, error + "start >= 100, but found start=" + start);
          there.require(end <= 600, error + "end <= 600, but found end=" + end);
          return new StatusRange((int) start, (int) end);
        });
  }
}
