package dev.weir.config;

import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerPathConfigSource;
import dev.weir.proto.newer.NewerWatchedDirectory;
import dev.weir.xds.ApiConfig;
import dev.weir.xds.ConfigSource;
import dev.weir.xds.InvalidResourceException;
import dev.weir.xds.XdstpName;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource.ConfigSourceSpecifierCase;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.RateLimitSettings;
import io.envoyproxy.envoy.config.core.v3.WatchedDirectory;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the [ConfigSource]s and [ApiConfig]s of the xDS client. Any thread may call.
public final class ConfigSourceDecoder {
  private static final Duration INITIAL_FETCH_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration RETRY_BASE = Duration.ofMillis(500);
  private static final Duration RETRY_MAX = Duration.ofSeconds(30);

  private ConfigSourceDecoder() {}

  /// Where one resource comes from, whose name may tell whom to ask: then nothing else has to.
  ///
  /// @throws InvalidResourceException if nothing could come from there, or the name is none
  public static ConfigSource source(
      String name, io.envoyproxy.envoy.config.core.v3.ConfigSource wire, Field at)
      throws InvalidResourceException {
    if (!XdstpName.is(name)) {
      return source(wire, at);
    }
    try {
      XdstpName.parse(name);
    } catch (IllegalArgumentException e) {
      throw at.invalid(String.valueOf(e.getMessage()));
    }
    return wire.getConfigSourceSpecifierCase()
            == ConfigSourceSpecifierCase.CONFIGSOURCESPECIFIER_NOT_SET
        ? new ConfigSource.Authority(timeout(wire))
        : source(wire, at);
  }

  /// Whom to ask for the resources of an authority, over an aggregated stream.
  ///
  /// @throws InvalidResourceException if there is no way to speak to it
  public static ConfigSource.Grpc aggregated(
      io.envoyproxy.envoy.config.core.v3.ConfigSource wire, Field at)
      throws InvalidResourceException {
    return new ConfigSource.Grpc(
        api(wire.getApiConfigSource(), at.at("api_config_source")), timeout(wire));
  }

  private static Duration timeout(io.envoyproxy.envoy.config.core.v3.ConfigSource wire) {
    return ScalarDecoder.duration(
        wire.hasInitialFetchTimeout(), wire.getInitialFetchTimeout(), INITIAL_FETCH_TIMEOUT);
  }

  /// Where resources come from.
  ///
  /// @throws InvalidResourceException if nothing could come from there
  public static ConfigSource source(io.envoyproxy.envoy.config.core.v3.ConfigSource wire, Field at)
      throws InvalidResourceException {
    warnOfV2(wire.getResourceApiVersion(), at.at("resource_api_version"));
    at.withoutEffect(wire.getAuthoritiesCount() > 0, "authorities");
    var timeout = timeout(wire);
    return switch (wire.getConfigSourceSpecifierCase()) {
      case ADS -> new ConfigSource.Ads(timeout);
      case API_CONFIG_SOURCE -> {
        var there = at.at("api_config_source");
        var type = wire.getApiConfigSource().getApiType();
        there.check(
            type != ApiType.AGGREGATED_GRPC && type != ApiType.AGGREGATED_DELTA_GRPC,
            "Unsupported config source " + type);
        yield new ConfigSource.Grpc(api(wire.getApiConfigSource(), there), timeout);
      }
      case PATH_CONFIG_SOURCE -> file(wire, at.at("path_config_source"));
      case PATH -> new ConfigSource.File(existing(deprecatedPath(wire), at.at("path")), null, null);
      case SELF -> throw at.at("self").invalid("not supported");
      case CONFIGSOURCESPECIFIER_NOT_SET ->
          throw at.invalid(
              "Missing config source specifier in envoy::config::core::v3::ConfigSource");
    };
  }

  @SuppressWarnings("deprecation") // what path_config_source was before
  private static String deprecatedPath(io.envoyproxy.envoy.config.core.v3.ConfigSource wire) {
    return wire.getPath();
  }

  @SuppressWarnings("deprecation") // V2 is what we warn of
  private static void warnOfV2(ApiVersion version, Field at) {
    if (version == ApiVersion.V2) {
      at.warn("V2 is read as V3");
    }
  }

  private static ConfigSource file(io.envoyproxy.envoy.config.core.v3.ConfigSource source, Field at)
      throws InvalidResourceException {
    var wire = source.getPathConfigSource();
    var newer = NewerFields.of(wire, NewerPathConfigSource.getDefaultInstance());
    return new ConfigSource.File(
        existing(wire.getPath(), at.at("path")),
        wire.hasWatchedDirectory()
            ? directory(wire.getWatchedDirectory(), at.at("watched_directory"))
            : null,
        newer.hasPollInterval() ? ScalarDecoder.duration(newer.getPollInterval()) : null);
  }

  private static ConfigSource.WatchedDirectory directory(WatchedDirectory wire, Field at)
      throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerWatchedDirectory.getDefaultInstance());
    return new ConfigSource.WatchedDirectory(path(wire.getPath(), at), newer.getWatchModify());
  }

  private static Path existing(String text, Field at) throws InvalidResourceException {
    var path = path(text, at);
    at.require(
        Files.exists(path),
        "paths must refer to an existing path in the system: '" + text + "' does not exist");
    return path;
  }

  private static Path path(String text, Field at) throws InvalidResourceException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw at.invalid(String.valueOf(e.getMessage()));
    }
  }

  /// A gRPC control plane, and the manner of speaking to it. The aggregated kinds are read as the
  /// plain ones: whether a stream is aggregated is clear from where it is configured.
  ///
  /// @throws InvalidResourceException if there is no way to speak to it
  public static ApiConfig api(ApiConfigSource wire, Field at) throws InvalidResourceException {
    return api(wire, at, 1);
  }

  /// As above, with others in reserve.
  ///
  /// @param most how many there may be, the preferred one first
  /// @throws InvalidResourceException if there is no way to speak to it
  public static ApiConfig api(ApiConfigSource wire, Field at, int most)
      throws InvalidResourceException {
    at.require(
        wire.getClusterNamesCount() + wire.getGrpcServicesCount() > 0,
        "API configs must have either a gRPC service or a cluster name defined");
    boolean delta = isDelta(wire, at);
    at.require(
        wire.getTransportApiVersion() != v2(), "V2 xDS transport protocol version is deprecated");
    at.require(
        wire.getClusterNamesCount() == 0,
        "ApiConfigSource::(AGGREGATED_)(DELTA_)GRPC must not have a cluster name specified");
    at.require(
        wire.getGrpcServicesCount() <= most,
        "ApiConfigSource::(AGGREGATED_)(DELTA_)GRPC must have no more than "
            + most
            + " gRPC services specified");
    var service = wire.getGrpcServices(0);
    var serviceAt = at.at("grpc_services", 0);
    for (int i = 1; i < wire.getGrpcServicesCount(); i++) {
      at.at("grpc_services", i)
          .withoutEffect(wire.getGrpcServices(i).getInitialMetadataCount() > 0, "initial_metadata");
    }
    at.withoutEffect(wire.hasRequestTimeout(), "request_timeout");
    at.withoutEffect(wire.getConfigValidatorsCount() > 0, "config_validators");
    var planes =
        at.each("grpc_services", wire.getGrpcServicesList(), ConfigSourceDecoder::controlPlane);
    if (planes.isEmpty()) {
      throw new InvalidResourceException(List.of()); // what is wrong with each was noted
    }
    return new ApiConfig(
        planes,
        delta,
        wire.getSetNodeOnFirstMessageOnly(),
        wire.hasRateLimitSettings() ? rateLimit(wire.getRateLimitSettings()) : null,
        backoff(service, serviceAt),
        serviceAt.each(
            "initial_metadata",
            service.getInitialMetadataList(),
            (header, _) -> new ApiConfig.Header(header.getKey(), header.getValue())));
  }

  private static boolean isDelta(ApiConfigSource wire, Field at) throws InvalidResourceException {
    return switch (wire.getApiType()) {
      case GRPC, AGGREGATED_GRPC -> false;
      case DELTA_GRPC, AGGREGATED_DELTA_GRPC -> true;
      case REST, DEPRECATED_AND_UNAVAILABLE_DO_NOT_USE, UNRECOGNIZED ->
          throw at.at("api_type")
              .invalid("ApiConfigSource type must be gRPC, not " + wire.getApiType());
    };
  }

  @SuppressWarnings("deprecation") // to tell that it is gone
  private static ApiVersion v2() {
    return ApiVersion.V2;
  }

  private static String controlPlane(GrpcService wire, Field at) throws InvalidResourceException {
    at.require(!wire.hasGoogleGrpc(), "google_grpc is not supported; use envoy_grpc");
    return wire.getEnvoyGrpc().getClusterName();
  }

  private static ApiConfig.@Nullable RateLimit rateLimit(RateLimitSettings wire) {
    var unset = ApiConfig.RateLimit.DEFAULT;
    return new ApiConfig.RateLimit(
        Math.max(
            1, ScalarDecoder.size(wire.hasMaxTokens(), wire.getMaxTokens(), unset.maxTokens())),
        wire.hasFillRate() ? wire.getFillRate().getValue() : unset.fillRate());
  }

  private static ApiConfig.Backoff backoff(GrpcService wire, Field at) {
    var policy = wire.getEnvoyGrpc().getRetryPolicy().getRetryBackOff();
    var base =
        ScalarDecoder.duration(policy.hasBaseInterval(), policy.getBaseInterval(), RETRY_BASE);
    var longest =
        ScalarDecoder.duration(
            policy.hasMaxInterval(),
            policy.getMaxInterval(),
            base.compareTo(RETRY_MAX) > 0 ? base : RETRY_MAX);
    at.check(
        longest.compareTo(base) >= 0,
        "max_interval must be greater than or equal to the base_interval");
    return new ApiConfig.Backoff(base, longest);
  }
}
