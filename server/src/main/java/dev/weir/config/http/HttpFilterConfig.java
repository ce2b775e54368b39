package dev.weir.config.http;

import dev.weir.config.FilterDiscovery;
import dev.weir.config.HeaderAddition;
import dev.weir.config.HttpProtocol;
import dev.weir.config.IstioStatsConfig;
import dev.weir.config.RbacConfig;
import dev.weir.config.TextMatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The configuration of an HTTP filter.
public sealed interface HttpFilterConfig {

  /// A filter in the chain.
  ///
  /// @param name by which routes speak to it
  /// @param disabled whether it runs only where a route turns it on
  record Named(String name, HttpFilterConfig config, boolean disabled) {}

  /// What a level of the routes tells a filter.
  sealed interface PerRoute {}

  /// Nothing is told.
  record Nothing() implements PerRoute {}

  /// `envoy.filters.http.router`, which ends the chain.
  ///
  /// @param suppressHeaders whether `x-envoy-…` headers are left out
  /// @param strictHeaders names whose values are checked
  record Router(boolean suppressHeaders, boolean respectExpectedTimeout, List<String> strictHeaders)
      implements HttpFilterConfig {}

  /// `envoy.filters.http.health_check`.
  ///
  /// @param passThrough whether checks go on to the upstream
  /// @param cacheTime how long an answer of the upstream is good for; zero for not at all
  /// @param headers that make a request a check; all of them
  /// @param minimumHealthy how much of each of these clusters has to be healthy, in percent
  record HealthCheck(
      boolean passThrough,
      Duration cacheTime,
      List<HeaderMatch> headers,
      Map<String, Double> minimumHealthy)
      implements HttpFilterConfig {}

  /// `envoy.filters.http.grpc_stats`. Counts below `cluster.<name>.grpc.`.
  ///
  /// @param methods `service/method` texts that are counted one by one
  /// @param allMethods whether all are
  record GrpcStats(Set<String> methods, boolean allMethods, boolean upstreamStats)
      implements HttpFilterConfig {}

  /// `istio.stats`: Istio's metrics of requests.
  record IstioStats(IstioStatsConfig metrics) implements HttpFilterConfig {}

  /// `istio.alpn`.
  ///
  /// @param offers what is offered by ALPN, by what will be spoken with the host; no entry for what
  ///   its TLS is configured with
  record IstioAlpn(Map<HttpProtocol, List<String>> offers) implements HttpFilterConfig {}

  /// `istio.metadata_exchange`.
  record IstioPeers() implements HttpFilterConfig {}

  /// `envoy.filters.http.cors`; the policy is in the routes.
  record Cors() implements HttpFilterConfig {}

  /// A policy for cross-origin requests (`CorsPolicy`).
  record CorsPolicy(
      List<TextMatch> origins,
      String methods,
      String headers,
      String exposed,
      String maxAge,
      @Nullable Boolean credentials,
      @Nullable Boolean privateNetwork,
      Share enabled,
      Share shadow,
      boolean forwardOthers)
      implements PerRoute {}

  /// `envoy.filters.http.fault`, in the chain and in the routes.
  ///
  /// @param target the requests that it concerns
  /// @param delay null for none
  /// @param abort null for none
  /// @param limit null for responses at full speed
  /// @param maxActive null for any number
  record Fault(
      Target target,
      @Nullable Delay delay,
      @Nullable Abort abort,
      @Nullable Limit limit,
      @Nullable Integer maxActive)
      implements HttpFilterConfig, PerRoute {

    /// Which requests it concerns.
    ///
    /// @param upstreamCluster where they go; empty for anywhere
    /// @param nodes what `x-envoy-downstream-service-node` says; empty for anything
    /// @param headers that they have, all of them
    public record Target(String upstreamCluster, Set<String> nodes, List<HeaderMatch> headers) {}

    /// A response's body that comes slowly.
    ///
    /// @param kibPerSecond in KiB/s; null to take it from `x-envoy-fault-throughput-response`
    public record Limit(@Nullable Long kibPerSecond, Share share) {}

    /// A pause before the request goes on.
    ///
    /// @param fixed null to take it from `x-envoy-fault-delay-request`, in milliseconds
    public record Delay(@Nullable Duration fixed, Share share) {}

    /// An answer instead of the upstream's.
    ///
    /// @param status null to take it from `x-envoy-fault-abort-request`
    /// @param grpcStatus null for an HTTP answer
    public record Abort(@Nullable Integer status, @Nullable Integer grpcStatus, Share share) {}
  }

  /// `envoy.filters.http.header_mutation`, in the chain and in the routes.
  record HeaderMutation(List<Edit> request, List<Edit> response)
      implements HttpFilterConfig, PerRoute {

    /// One change; all of them are done in order.
    public sealed interface Edit {
      /// Removes a header.
      ///
      /// @param name in lower case
      record Remove(String name) implements Edit {}

      /// Adds a header.
      record Add(HeaderAddition addition) implements Edit {}
    }
  }

  /// `envoy.filters.http.local_ratelimit`, in the chain and in the routes.
  ///
  /// @param place where it is configured, so that no two places share their buckets
  /// @param bucket for requests without a descriptor; null to let them pass
  /// @param rules how descriptors are made; empty to do as the route says
  record LocalRateLimit(
      String place,
      String statPrefix,
      @Nullable Bucket bucket,
      List<Descriptor> descriptors,
      List<RateLimitRule> rules,
      Share enabled,
      Share enforced,
      Handling handling)
      implements HttpFilterConfig, PerRoute {

    /// How many requests may pass.
    ///
    /// @param fill tokens that come with each interval
    public record Bucket(long maxTokens, long fill, Duration interval) {}

    /// Requests that have a bucket of their own.
    public record Descriptor(List<RateLimitRule.Entry> entries, Bucket bucket) {}

    /// What becomes of requests.
    ///
    /// @param notEnforced added to requests that pass although they are too many
    /// @param refused added to refusals
    /// @param tells whether responses say how much is left (`x-ratelimit-…`)
    /// @param exhausted whether gRPC requests are refused with RESOURCE_EXHAUSTED
    public record Handling(
        int status,
        List<HeaderAddition> notEnforced,
        List<HeaderAddition> refused,
        boolean tells,
        boolean exhausted,
        Scope scope) {}

    /// Which requests are counted together.
    ///
    /// @param stage of the rules of routes that are for this filter
    /// @param alwaysUsual whether requests with a descriptor need a token of the common bucket too
    public record Scope(int stage, HostLimits host, boolean perConnection, boolean alwaysUsual) {}

    /// When the rules of the virtual host count.
    public enum HostLimits {
      UNLESS_ROUTE,
      TOO,
      NEVER
    }
  }

  /// `envoy.filters.http.compressor`.
  record Compressor(CompressorConfig config) implements HttpFilterConfig {}

  /// What a route says of the compressor.
  ///
  /// @param disabled whether responses stay as they are
  /// @param enabled whether they are compressed, whatever the filter says
  /// @param removeAcceptEncoding null for what the filter says
  /// @param library who compresses instead; null for the filter's own
  record CompressorOverride(
      boolean disabled,
      boolean enabled,
      @Nullable Boolean removeAcceptEncoding,
      CompressorConfig.@Nullable Library library)
      implements PerRoute {}

  /// `envoy.filters.http.jwt_authn`.
  record JwtAuthn(JwtConfig config) implements HttpFilterConfig {}

  /// What a route says of tokens.
  ///
  /// @param requirement the name of what it requires; null for nothing
  record JwtOverride(@Nullable String requirement) implements PerRoute {}

  /// A filter whose configuration is pushed by itself. What is pushed concerns new requests only.
  record Discovered(FilterDiscovery<HttpFilterConfig> discovery) implements HttpFilterConfig {}

  /// `envoy.filters.http.rbac`.
  ///
  /// @param perPolicy whether each policy counts by itself too
  record Rbac(RbacConfig config, boolean perPolicy) implements HttpFilterConfig {}

  /// What a route says of who may come in.
  ///
  /// @param rules null lets everybody in
  record RbacOverride(@Nullable Rbac rules) implements PerRoute {}

  /// `envoy.filters.http.ext_authz`.
  record ExtAuthz(HttpExtAuthzConfig config) implements HttpFilterConfig {}

  /// What a route says of who is asked, and about what.
  ///
  /// @param disabled whether nobody is
  /// @param extensions what the service is told of the route
  /// @param withoutBody whether the body is none of its business
  /// @param body how much of it is instead; null for what the filter says
  /// @param service who is asked instead; null for whom the filter asks
  record ExtAuthzOverride(
      boolean disabled,
      Map<String, String> extensions,
      boolean withoutBody,
      HttpExtAuthzConfig.@Nullable Body body,
      HttpExtAuthzConfig.@Nullable Service service)
      implements PerRoute {
    public ExtAuthzOverride {
      extensions = Map.copyOf(extensions);
    }
  }

  /// A filter that we do not have and that its configuration can do without.
  record Absent(String typeName) implements HttpFilterConfig {}
}
