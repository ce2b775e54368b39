package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import java.time.Duration;
import java.util.Locale;
import java.util.TreeMap;

/// Makes [GrpcServiceConfig]s.
public final class GrpcServiceDecoder {
  private GrpcServiceDecoder() {}

  /// Reads the message.
  ///
  /// @param patience the timeout where none is set
  /// @throws InvalidResourceException if a header's value is no format
  public static GrpcServiceConfig decode(GrpcService wire, Duration patience, Field at)
      throws InvalidResourceException {
    at.unsupported(wire.hasGoogleGrpc(), "google_grpc");
    at.withoutEffect(wire.hasRetryPolicy(), "retry_policy");
    var envoy = wire.getEnvoyGrpc();
    at.at("envoy_grpc").withoutEffect(envoy.hasRetryPolicy(), "retry_policy");
    at.at("envoy_grpc")
        .withoutEffect(envoy.hasMaxReceiveMessageLength(), "max_receive_message_length");
    var headers = new TreeMap<String, LogTemplate>();
    var list = wire.getInitialMetadataList();
    for (int i = 0; i < list.size(); i++) {
      var header = list.get(i);
      var there = at.at("initial_metadata", i);
      headers.put(
          header.getKey().toLowerCase(Locale.ROOT),
          header.getRawValue().isEmpty()
              ? LogTemplate.parse(header.getValue(), there.at("value"))
              : LogTemplate.literal(header.getRawValue().toStringUtf8()));
    }
    return new GrpcServiceConfig(
        envoy.getClusterName(),
        envoy.getAuthority(),
        ScalarDecoder.duration(wire.hasTimeout(), wire.getTimeout(), patience),
        headers,
        !envoy.getSkipEnvoyHeaders());
  }

  /// Refuses what is not version 3 of the service.
  @SuppressWarnings("deprecation") // V2 is deprecated, and refused
  public static void checkVersion(ApiVersion version, Field at) {
    at.at("transport_api_version")
        .check(version != ApiVersion.V2, "the v2 xDS major version is not supported");
  }
}
