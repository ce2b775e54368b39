package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Makes the configuration of an access log that goes to a gRPC service.
final class GrpcAccessLogDecoder {
  private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(1);
  private static final int BUFFER_SIZE = 16384;

  private GrpcAccessLogDecoder() {}

  static AccessLogSinkConfig tcp(TcpGrpcAccessLogConfig wire, Field at)
      throws InvalidResourceException {
    return new AccessLogSinkConfig.TcpGrpc(stream(wire.getCommonConfig(), at.at("common_config")));
  }

  static AccessLogSinkConfig http(HttpGrpcAccessLogConfig wire, Field at)
      throws InvalidResourceException {
    return new AccessLogSinkConfig.HttpGrpc(
        stream(wire.getCommonConfig(), at.at("common_config")),
        names(wire.getAdditionalRequestHeadersToLogList()),
        names(wire.getAdditionalResponseHeadersToLogList()),
        names(wire.getAdditionalResponseTrailersToLogList()));
  }

  private static List<String> names(List<String> wire) {
    return wire.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  @SuppressWarnings("deprecation") // V2 is deprecated, and refused.
  private static AccessLogSinkConfig.Grpc stream(CommonGrpcAccessLogConfig wire, Field at)
      throws InvalidResourceException {
    at.at("transport_api_version")
        .require(
            wire.getTransportApiVersion() != ApiVersion.V2,
            "the v2 xDS major version is not supported");
    at.at("grpc_service")
        .at("envoy_grpc")
        .withoutEffect(!wire.getGrpcService().getEnvoyGrpc().getAuthority().isEmpty(), "authority");
    at.withoutEffect(wire.hasGrpcStreamRetryPolicy(), "grpc_stream_retry_policy");
    at.withoutEffect(wire.getCustomTagsCount() > 0, "custom_tags");
    var interval = wire.getBufferFlushInterval();
    return new AccessLogSinkConfig.Grpc(
        wire.getLogName(),
        GrpcServiceDecoder.decode(wire.getGrpcService(), Duration.ZERO, at.at("grpc_service")),
        wire.hasBufferFlushInterval()
            ? Duration.ofSeconds(interval.getSeconds(), interval.getNanos())
            : FLUSH_INTERVAL,
        wire.hasBufferSizeBytes() ? wire.getBufferSizeBytes().getValue() : BUFFER_SIZE,
        wire.getFilterStateObjectsToLogList());
  }
}
