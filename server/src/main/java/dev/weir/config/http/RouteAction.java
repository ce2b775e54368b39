package dev.weir.config.http;

import com.google.re2j.Pattern;
import dev.weir.config.SubsetMatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is done with the requests of a route.
public sealed interface RouteAction {

  /// `route`: they go to a cluster.
  ///
  /// @param retry null to do as the virtual host says
  /// @param upgrades by type in lower case
  record Forward(
      Target target,
      SubsetMatch metadataMatch,
      PathRewrite path,
      HostRewrite host,
      Timing timing,
      @Nullable RetryConfig retry,
      List<HashRule> hash,
      Map<String, Upgrade> upgrades,
      Handling handling)
      implements RouteAction {}

  /// What else is done with requests that are forwarded.
  ///
  /// @param clusterMissingStatus the answer where the cluster does not exist
  /// @param highPriority whether the circuit breakers of high priority apply
  /// @param redirects which redirects are followed here; null for none
  /// @param mirrors who gets a copy; empty to do as the virtual host says
  /// @param hedges whether an attempt that is too slow goes on beside the next
  ///   (`hedge_on_per_try_timeout`); null to do as the virtual host says
  record Handling(
      int clusterMissingStatus,
      boolean highPriority,
      @Nullable RedirectPolicy redirects,
      List<MirrorPolicy> mirrors,
      @Nullable Boolean hedges,
      Limits limits) {}

  /// How descriptors are made for rate limits.
  ///
  /// @param hostToo whether the virtual host's rules count besides, whatever the filter says
  record Limits(List<RateLimitRule> rules, boolean hostToo) {}

  /// `redirect`.
  ///
  /// @param scheme null to keep it
  /// @param host empty to keep it
  /// @param port 0 to keep it
  record Redirect(
      @Nullable String scheme,
      String host,
      int port,
      PathRewrite path,
      boolean stripQuery,
      int status)
      implements RouteAction {}

  /// `direct_response`.
  record DirectResponse(int status, String body) implements RouteAction {}

  /// `non_forwarding_action`: for clients that route by themselves; answered with an error here.
  record NonForwarding() implements RouteAction {}

  /// `cluster_specifier`.
  sealed interface Target {
    /// `cluster`.
    record Single(String cluster) implements Target {}

    /// `cluster_header`: a request header names it, in lower case.
    record ByHeader(String header) implements Target {}

    /// `weighted_clusters`.
    ///
    /// @param header a request header with the number to draw by, in lower case; null to draw at
    ///   random
    record Weighted(List<ClusterShare> shares, long totalWeight, @Nullable String header)
        implements Target {}
  }

  /// One of several clusters.
  ///
  /// @param metadataMatch merged over the route's
  record ClusterShare(
      Target target,
      long weight,
      SubsetMatch metadataMatch,
      HeaderRules headers,
      HostRewrite host,
      FilterOverrides overrides) {}

  /// What becomes of the path.
  sealed interface PathRewrite {
    /// It stays.
    record None() implements PathRewrite {}

    /// Another text instead of what the route's match has matched.
    record Prefix(String replacement) implements PathRewrite {}

    /// Another text instead of each match, with `\1` for groups. The query stays.
    record Regex(Pattern pattern, String substitution) implements PathRewrite {}

    /// This path, with its own query if it has one. Redirects only.
    record Whole(String path) implements PathRewrite {}
  }

  /// What becomes of the host.
  ///
  /// @param appendForwardedHost whether the former one goes to `x-forwarded-host`
  record HostRewrite(Kind kind, boolean appendForwardedHost) {
    /// It stays.
    public static final HostRewrite NONE = new HostRewrite(new Kind.Keep(), false);

    /// What becomes of it.
    public sealed interface Kind {
      /// It stays.
      record Keep() implements Kind {}

      /// This one.
      record Literal(String host) implements Kind {}

      /// The host name of the chosen endpoint.
      record Auto() implements Kind {}

      /// The value of a request header, if it is there.
      record FromHeader(String header) implements Kind {}

      /// What a substitution makes of the path.
      record FromPath(Pattern pattern, String substitution) implements Kind {}
    }
  }

  /// How long a request may take. Null where a route does not say.
  ///
  /// @param timeout for the whole response; zero for ever
  /// @param idle replaces the connection manager's stream idle timeout
  /// @param maxStream replaces the connection manager's
  /// @param grpcMax caps `grpc-timeout`, which then is the timeout of gRPC requests; zero for no
  ///   cap
  /// @param grpcStream replaces `maxStream` for gRPC requests that ask for a time
  record Timing(
      Duration timeout,
      @Nullable Duration idle,
      @Nullable Duration flush,
      @Nullable Duration maxStream,
      @Nullable Duration grpcMax,
      Duration grpcOffset,
      @Nullable GrpcStream grpcStream) {}

  /// How long streams of gRPC may last, by what they ask for in `grpc-timeout`.
  ///
  /// @param max zero for as long as they ask for
  /// @param offset taken away from what they ask for
  record GrpcStream(Duration max, Duration offset) {}

  /// An upgrade of this route.
  ///
  /// @param connect how CONNECT is ended here; null to pass it on
  record Upgrade(boolean enabled, @Nullable Connect connect) {}

  /// How the payload of CONNECT is passed on as plain TCP.
  ///
  /// @param proxyProtocol 0 for none, else the version of the PROXY header that goes first
  /// @param allowPost whether POST requests are ended so too
  record Connect(int proxyProtocol, boolean allowPost) {}

  /// What a request's hash is made of; each rule that yields one is mixed in.
  ///
  /// @param terminal whether the rules behind it are skipped once there is a hash
  record HashRule(Source source, boolean terminal) {
    /// Where a hash comes from.
    public sealed interface Source {
      /// A header, in lower case, perhaps after a substitution.
      record Header(String name, @Nullable Pattern pattern, String substitution)
          implements Source {}

      /// A cookie.
      ///
      /// @param ttl null for none: then a missing cookie is not made
      record Cookie(
          String name, @Nullable Duration ttl, String path, Map<String, String> attributes)
          implements Source {}

      /// The client's IP address.
      record SourceIp() implements Source {}

      /// A query parameter.
      record QueryParameter(String name) implements Source {}

      /// A filter state object.
      record FilterState(String key) implements Source {}
    }
  }
}
