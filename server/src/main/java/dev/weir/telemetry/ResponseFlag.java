package dev.weir.telemetry;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Why a connection or request did not go as it should; what `%RESPONSE_FLAGS%` prints. Source:
/// Envoy's access log documentation, in the order of its own enumeration.
public enum ResponseFlag {
  LH("FailedLocalHealthCheck"),
  UH("NoHealthyUpstream"),
  UT("UpstreamRequestTimeout"),
  LR("LocalReset"),
  UR("UpstreamRemoteReset"),
  UF("UpstreamConnectionFailure"),
  UC("UpstreamConnectionTermination"),
  UO("UpstreamOverflow"),
  NR("NoRouteFound"),
  DI("DelayInjected"),
  FI("FaultInjected"),
  RL("RateLimited"),
  UAEX("UnauthorizedExternalService"),
  RLSE("RateLimitServiceError"),
  DC("DownstreamConnectionTermination"),
  URX("UpstreamRetryLimitExceeded"),
  SI("StreamIdleTimeout"),
  IH("InvalidEnvoyRequestHeaders"),
  DPE("DownstreamProtocolError"),
  UMSDR("UpstreamMaxStreamDurationReached"),
  RFCF("ResponseFromCacheFilter"),
  NFCF("NoFilterConfigFound"),
  DT("DurationTimeout"),
  UPE("UpstreamProtocolError"),
  NC("NoClusterFound"),
  OM("OverloadManagerTerminated"),
  DF("DnsResolutionFailed"),
  DO("DropOverload"),
  DR("DownstreamRemoteReset"),
  UDO("UnconditionalDropOverload");

  private static final Map<String, ResponseFlag> BY_NAME = new HashMap<>();

  static {
    for (var flag : values()) {
      BY_NAME.put(flag.name(), flag);
    }
  }

  private final String longName;

  ResponseFlag(String longName) {
    this.longName = longName;
  }

  /// What `%RESPONSE_FLAGS_LONG%` prints; the short name is [#name].
  public String longName() {
    return longName;
  }

  /// Its bit where flags are a number.
  @SuppressWarnings("EnumOrdinal") // the order is Envoy's, which numbers them by it
  long bit() {
    return 1L << ordinal();
  }

  /// The flag of this short name; null if there is none.
  public static @Nullable ResponseFlag find(String name) {
    return BY_NAME.get(name);
  }
}
