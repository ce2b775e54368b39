package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.HttpFilterConfig.Fault;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the configuration of injected faults (`HTTPFault`).
final class FaultDecoder {
  private FaultDecoder() {}

  /// Reads what the filter or a route does.
  static Fault fault(HTTPFault wire, Field at) throws InvalidResourceException {
    return new Fault(
        new Fault.Target(
            wire.getUpstreamCluster(),
            Set.copyOf(wire.getDownstreamNodesList()),
            HeaderMatchDecoder.all("headers", wire.getHeadersList(), at)),
        delay(wire, at.at("delay")),
        abort(wire, at.at("abort")),
        limit(wire, at.at("response_rate_limit")),
        wire.hasMaxActiveFaults()
            ? (Integer) ScalarDecoder.size(true, wire.getMaxActiveFaults(), 0)
            : null);
  }

  private static Fault.@Nullable Limit limit(HTTPFault wire, Field at)
      throws InvalidResourceException {
    if (!wire.hasResponseRateLimit()) {
      return null;
    }
    var limit = wire.getResponseRateLimit();
    return new Fault.Limit(
        limit.hasFixedLimit() ? (Long) limit.getFixedLimit().getLimitKbps() : null,
        RouteMatchDecoder.share(limit.getPercentage(), at.at("percentage")));
  }

  private static Fault.@Nullable Delay delay(HTTPFault wire, Field at)
      throws InvalidResourceException {
    if (!wire.hasDelay()) {
      return null;
    }
    var delay = wire.getDelay();
    var share = RouteMatchDecoder.share(delay.getPercentage(), at.at("percentage"));
    return new Fault.Delay(
        delay.hasHeaderDelay() ? null : ScalarDecoder.duration(delay.getFixedDelay()), share);
  }

  private static Fault.@Nullable Abort abort(HTTPFault wire, Field at)
      throws InvalidResourceException {
    if (!wire.hasAbort()) {
      return null;
    }
    var abort = wire.getAbort();
    var share = RouteMatchDecoder.share(abort.getPercentage(), at.at("percentage"));
    return switch (abort.getErrorTypeCase()) {
      case HTTP_STATUS -> new Fault.Abort(abort.getHttpStatus(), null, share);
      case GRPC_STATUS -> new Fault.Abort(200, abort.getGrpcStatus(), share);
      case HEADER_ABORT -> new Fault.Abort(null, null, share);
      case ERRORTYPE_NOT_SET -> throw at.invalid("error_type is required");
    };
  }
}
