package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.filters.network.ratelimit.v3.RateLimit;
import java.time.Duration;

/// Makes [RateLimitConfig]s.
final class RateLimitDecoder {
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private RateLimitDecoder() {}

  static RateLimitConfig ofChain(RateLimit wire, Field at) throws InvalidResourceException {
    var service = wire.getRateLimitService();
    var serviceAt = at.at("rate_limit_service");
    GrpcServiceDecoder.checkVersion(service.getTransportApiVersion(), serviceAt);
    serviceAt.at("grpc_service").withoutEffect(service.getGrpcService().hasTimeout(), "timeout");
    return new RateLimitConfig(
        wire.getStatPrefix(),
        wire.getDomain(),
        at.each("descriptors", wire.getDescriptorsList(), RateLimitDecoder::descriptor),
        GrpcServiceDecoder.decode(service.getGrpcService(), PATIENCE, serviceAt.at("grpc_service"))
            .within(ScalarDecoder.duration(wire.hasTimeout(), wire.getTimeout(), PATIENCE)),
        wire.getFailureModeDeny());
  }

  private static RateLimitConfig.Descriptor descriptor(RateLimitDescriptor wire, Field at) {
    at.withoutEffect(wire.hasLimit(), "limit");
    at.withoutEffect(wire.hasHitsAddend(), "hits_addend");
    return new RateLimitConfig.Descriptor(
        at.each(
            "entries",
            wire.getEntriesList(),
            (entry, there) ->
                new RateLimitConfig.Entry(
                    entry.getKey(), LogTemplate.parse(entry.getValue(), there.at("value")))));
  }
}
