package dev.weir.config;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.weir.proto.Constraints;
import dev.weir.proto.WireTypes;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StderrAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;

/// Makes [AccessLogConfig]s. Any thread may call.
public final class AccessLogDecoder {
  private AccessLogDecoder() {}

  /// Reads one access log.
  ///
  /// @throws InvalidResourceException if there is no going on with it
  public static AccessLogConfig decode(AccessLog wire, Field at) throws InvalidResourceException {
    var filter =
        wire.hasFilter() ? LogFilterDecoder.decode(wire.getFilter(), at.at("filter")) : null;
    return new AccessLogConfig(wire.getName(), sink(wire, at.at("typed_config")), filter);
  }

  private static AccessLogSinkConfig sink(AccessLog wire, Field at)
      throws InvalidResourceException {
    return switch (unpack(wire.getName(), wire.getTypedConfig(), at)) {
      case FileAccessLog file -> file(file, at);
      case StdoutAccessLog stdout ->
          new AccessLogSinkConfig.Stdout(
              stdout.hasLogFormat()
                  ? LogLayoutDecoder.decode(stdout.getLogFormat(), at.at("log_format"))
                  : LogLayoutDecoder.standard());
      case StderrAccessLog stderr ->
          new AccessLogSinkConfig.Stderr(
              stderr.hasLogFormat()
                  ? LogLayoutDecoder.decode(stderr.getLogFormat(), at.at("log_format"))
                  : LogLayoutDecoder.standard());
      case TcpGrpcAccessLogConfig grpc -> GrpcAccessLogDecoder.tcp(grpc, at);
      case HttpGrpcAccessLogConfig grpc -> GrpcAccessLogDecoder.http(grpc, at);
      case OpenTelemetryAccessLogConfig _ -> unserved(wire, at);
      default -> throw unregistered(wire.getName(), wire.getTypedConfig(), at);
    };
  }

  @SuppressWarnings("deprecation") // Older ways to give a format are accepted too.
  private static AccessLogSinkConfig file(FileAccessLog wire, Field at)
      throws InvalidResourceException {
    var layout =
        switch (wire.getAccessLogFormatCase()) {
          case FORMAT ->
              wire.getFormat().isEmpty()
                  ? LogLayoutDecoder.standard()
                  : LogLayoutDecoder.text(wire.getFormat(), at.at("format"));
          case JSON_FORMAT -> LogLayoutDecoder.json(wire.getJsonFormat(), at.at("json_format"));
          case TYPED_JSON_FORMAT ->
              LogLayoutDecoder.json(wire.getTypedJsonFormat(), at.at("typed_json_format"));
          case LOG_FORMAT -> LogLayoutDecoder.decode(wire.getLogFormat(), at.at("log_format"));
          case ACCESSLOGFORMAT_NOT_SET -> LogLayoutDecoder.standard();
        };
    return new AccessLogSinkConfig.File(wire.getPath(), layout);
  }

  private static AccessLogSinkConfig unserved(AccessLog wire, Field at) {
    String typeUrl = wire.getTypedConfig().getTypeUrl();
    at.warn("no entries are sent to this kind of access log: " + WireTypes.nameOf(typeUrl));
    return new AccessLogSinkConfig.Unserved(typeUrl);
  }

  private static Message unpack(String name, Any any, Field at) throws InvalidResourceException {
    var prototype = WireTypes.prototypeOf(any);
    if (prototype == null) {
      throw unregistered(name, any, at);
    }
    try {
      var typed = WireTypes.unpack(any);
      at.note(Constraints.check(typed, at.path()));
      return typed;
    } catch (InvalidProtocolBufferException e) {
      throw at.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static InvalidResourceException unregistered(String name, Any any, Field at) {
    return at.invalid(
        "Didn't find a registered implementation for '%s' with type URL: '%s'"
            .formatted(name, WireTypes.nameOf(any.getTypeUrl())));
  }
}
