package dev.weir.config.http;

import dev.weir.config.DataSourceDecoder;
import dev.weir.config.ExtensionDecoder;
import dev.weir.config.Field;
import dev.weir.config.MetadataDecoder;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.SubsetMatch;
import dev.weir.config.UriTemplateDecoder;
import dev.weir.config.http.RouteAction.ClusterShare;
import dev.weir.config.http.RouteAction.Connect;
import dev.weir.config.http.RouteAction.GrpcStream;
import dev.weir.config.http.RouteAction.HostRewrite;
import dev.weir.config.http.RouteAction.PathRewrite;
import dev.weir.config.http.RouteAction.Target;
import dev.weir.config.http.RouteAction.Timing;
import dev.weir.config.http.RouteAction.Upgrade;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerDirectResponseAction;
import dev.weir.proto.newer.NewerRedirectAction;
import dev.weir.proto.newer.NewerRouteAction;
import dev.weir.proto.newer.NewerWeightedCluster;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.extensions.early_data.v3.DefaultEarlyDataPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes [RouteAction]s.
final class RouteActionDecoder {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final long MAX_UINT32 = 0xffff_ffffL;

  private RouteActionDecoder() {}

  /// @param match what the route's path is matched by
  static RouteAction forward(
      io.envoyproxy.envoy.config.route.v3.RouteAction wire, RouteMatch.Path match, Field at)
      throws InvalidResourceException {
    refuse(wire, at);
    var metadataMatch = MetadataDecoder.match(wire.getMetadataMatch());
    return new RouteAction.Forward(
        target(wire, metadataMatch, at),
        metadataMatch,
        pathRewrite(wire, match, at),
        hostRewrite(wire, at),
        timing(wire),
        wire.hasRetryPolicy()
            ? RetryDecoder.retry(wire.getRetryPolicy(), at.at("retry_policy"))
            : null,
        at.each("hash_policy", wire.getHashPolicyList(), HashRuleDecoder::rule),
        upgrades(wire, at),
        ForwardingDecoder.handling(wire, at));
  }

  @SuppressWarnings("deprecation") // to say what is not honoured
  private static void refuse(io.envoyproxy.envoy.config.route.v3.RouteAction wire, Field at) {
    at.unsupported(wire.hasRetryPolicyTypedConfig(), "retry_policy_typed_config");
    var newer = NewerFields.of(wire, NewerRouteAction.getDefaultInstance());
    at.unsupported(!newer.getHostRewrite().isEmpty(), "host_rewrite");
    at.unsupported(!newer.getPathRewrite().isEmpty(), "path_rewrite");
    at.withoutEffect(wire.hasCors(), "cors");
    at.withoutEffect(wire.hasEarlyDataPolicy(), "early_data_policy");
    var early = wire.getEarlyDataPolicy();
    if (wire.hasEarlyDataPolicy() && !early.getTypedConfig().is(DefaultEarlyDataPolicy.class)) {
      var there = at.at("early_data_policy");
      there.note(
          ExtensionDecoder.unregistered(early.getName(), early.getTypedConfig().getTypeUrl(), there)
              .violations());
    }
  }

  private static Target target(
      io.envoyproxy.envoy.config.route.v3.RouteAction wire, SubsetMatch metadataMatch, Field at)
      throws InvalidResourceException {
    return switch (wire.getClusterSpecifierCase()) {
      case CLUSTER -> new Target.Single(wire.getCluster());
      case CLUSTER_HEADER -> new Target.ByHeader(wire.getClusterHeader().toLowerCase(Locale.ROOT));
      case WEIGHTED_CLUSTERS ->
          weighted(wire.getWeightedClusters(), metadataMatch, at.at("weighted_clusters"));
      case CLUSTER_SPECIFIER_PLUGIN ->
          throw at.at("cluster_specifier_plugin").invalid("not supported");
      case INLINE_CLUSTER_SPECIFIER_PLUGIN ->
          throw at.at("inline_cluster_specifier_plugin").invalid("not supported");
      case CLUSTERSPECIFIER_NOT_SET -> throw at.invalid("cluster_specifier is required");
    };
  }

  private static Target weighted(WeightedCluster wire, SubsetMatch metadataMatch, Field at)
      throws InvalidResourceException {
    at.unsupported(
        NewerFields.of(wire, NewerWeightedCluster.getDefaultInstance())
            .getUseHashPolicy()
            .getValue(),
        "use_hash_policy");
    var shares =
        at.each(
            "clusters",
            wire.getClustersList(),
            (share, there) -> share(share, metadataMatch, there));
    long total = shares.stream().mapToLong(ClusterShare::weight).sum();
    at.require(total > 0, "Sum of weights in the weighted_cluster must be greater than 0.");
    at.require(
        total <= MAX_UINT32,
        "The sum of weights of all weighted clusters of route exceeds " + MAX_UINT32);
    at.withoutEffect(!wire.getRuntimeKeyPrefix().isEmpty(), "runtime_key_prefix");
    return new Target.Weighted(
        shares,
        total,
        wire.getHeaderName().isEmpty() ? null : wire.getHeaderName().toLowerCase(Locale.ROOT));
  }

  private static ClusterShare share(
      WeightedCluster.ClusterWeight wire, SubsetMatch metadataMatch, Field at)
      throws InvalidResourceException {
    at.require(
        wire.getName().isEmpty() || wire.getClusterHeader().isEmpty(),
        "Only one of name or cluster_header can be specified");
    at.require(
        !wire.getName().isEmpty() || !wire.getClusterHeader().isEmpty(),
        "At least one of name or cluster_header need to be specified");
    return new ClusterShare(
        wire.getName().isEmpty()
            ? new Target.ByHeader(wire.getClusterHeader().toLowerCase(Locale.ROOT))
            : new Target.Single(wire.getName()),
        ScalarDecoder.uint32(wire.hasWeight(), wire.getWeight(), 0),
        metadataMatch.mergedWith(MetadataDecoder.match(wire.getMetadataMatch())),
        HeaderRulesDecoder.rules(
            wire.getRequestHeadersToAddList(),
            wire.getRequestHeadersToRemoveList(),
            wire.getResponseHeadersToAddList(),
            wire.getResponseHeadersToRemoveList(),
            at),
        wire.getHostRewriteLiteral().isEmpty()
            ? HostRewrite.NONE
            : new HostRewrite(new HostRewrite.Kind.Literal(wire.getHostRewriteLiteral()), false),
        HttpFilterDecoder.overrides(wire.getTypedPerFilterConfigMap(), at));
  }

  private static PathRewrite pathRewrite(
      io.envoyproxy.envoy.config.route.v3.RouteAction wire, RouteMatch.Path match, Field at)
      throws InvalidResourceException {
    at.check(
        wire.getPrefixRewrite().isEmpty() || !wire.hasRegexRewrite(),
        "Specified both prefix_rewrite and regex_rewrite");
    at.check(
        wire.getPrefixRewrite().isEmpty() || !(match instanceof RouteMatch.Path.Template),
        "Cannot use prefix_rewrite with matcher uri_template");
    if (wire.hasPathRewritePolicy()) {
      var there = at.at("path_rewrite_policy");
      at.check(
          wire.getPrefixRewrite().isEmpty() && !wire.hasRegexRewrite(),
          "Specified more than one of prefix_rewrite, regex_rewrite and path_rewrite_policy");
      if (match instanceof RouteMatch.Path.Template(var template)) {
        return new PathRewrite.Regex(
            template.pattern(),
            UriTemplateDecoder.rewrite(wire.getPathRewritePolicy(), template, there));
      }
      throw there.invalid("needs a path_match_policy of the same kind");
    }
    if (wire.hasRegexRewrite()) {
      return HashRuleDecoder.regexRewrite(wire.getRegexRewrite(), at.at("regex_rewrite"));
    }
    return wire.getPrefixRewrite().isEmpty()
        ? new PathRewrite.None()
        : new PathRewrite.Prefix(wire.getPrefixRewrite());
  }

  private static HostRewrite hostRewrite(
      io.envoyproxy.envoy.config.route.v3.RouteAction wire, Field at)
      throws InvalidResourceException {
    HostRewrite.Kind kind =
        switch (wire.getHostRewriteSpecifierCase()) {
          case HOST_REWRITE_LITERAL -> new HostRewrite.Kind.Literal(wire.getHostRewriteLiteral());
          case AUTO_HOST_REWRITE ->
              wire.getAutoHostRewrite().getValue()
                  ? new HostRewrite.Kind.Auto()
                  : new HostRewrite.Kind.Keep();
          case HOST_REWRITE_HEADER ->
              new HostRewrite.Kind.FromHeader(wire.getHostRewriteHeader().toLowerCase(Locale.ROOT));
          case HOST_REWRITE_PATH_REGEX -> {
            var regex =
                HashRuleDecoder.regexRewrite(
                    wire.getHostRewritePathRegex(), at.at("host_rewrite_path_regex"));
            yield new HostRewrite.Kind.FromPath(regex.pattern(), regex.substitution());
          }
          case HOSTREWRITESPECIFIER_NOT_SET -> new HostRewrite.Kind.Keep();
        };
    return new HostRewrite(kind, wire.getAppendXForwardedHost());
  }

  @SuppressWarnings("deprecation") // max_grpc_timeout is what max_stream_duration was before
  private static Timing timing(io.envoyproxy.envoy.config.route.v3.RouteAction wire) {
    var stream = wire.getMaxStreamDuration();
    var newer = NewerFields.of(wire, NewerRouteAction.getDefaultInstance());
    return new Timing(
        ScalarDecoder.duration(wire.hasTimeout(), wire.getTimeout(), TIMEOUT),
        optional(wire.hasIdleTimeout(), wire.getIdleTimeout()),
        optional(newer.hasFlushTimeout(), newer.getFlushTimeout()),
        optional(stream.hasMaxStreamDuration(), stream.getMaxStreamDuration()),
        optional(wire.hasMaxGrpcTimeout(), wire.getMaxGrpcTimeout()),
        ScalarDecoder.duration(
            wire.hasGrpcTimeoutOffset(), wire.getGrpcTimeoutOffset(), Duration.ZERO),
        stream.hasGrpcTimeoutHeaderMax()
            ? new GrpcStream(
                ScalarDecoder.duration(stream.getGrpcTimeoutHeaderMax()),
                ScalarDecoder.duration(
                    stream.hasGrpcTimeoutHeaderOffset(),
                    stream.getGrpcTimeoutHeaderOffset(),
                    Duration.ZERO))
            : null);
  }

  private static @Nullable Duration optional(boolean set, com.google.protobuf.Duration wire) {
    return set ? ScalarDecoder.duration(wire) : null;
  }

  private static Map<String, Upgrade> upgrades(
      io.envoyproxy.envoy.config.route.v3.RouteAction wire, Field at) {
    var upgrades = new HashMap<String, Upgrade>();
    at.each(
        "upgrade_configs",
        wire.getUpgradeConfigsList(),
        (upgrade, there) -> {
          var type = upgrade.getUpgradeType().toLowerCase(Locale.ROOT);
          there.check(
              type.equals("connect") || !upgrade.hasConnectConfig(),
              "Non-CONNECT upgrade type " + upgrade.getUpgradeType() + " has ConnectConfig");
          var before = upgrades.put(type, upgrade(upgrade));
          there.check(before == null, "Duplicate upgrade " + upgrade.getUpgradeType());
          return type;
        });
    return Map.copyOf(upgrades);
  }

  private static Upgrade upgrade(
      io.envoyproxy.envoy.config.route.v3.RouteAction.UpgradeConfig wire) {
    var connect = wire.getConnectConfig();
    int proxyProtocol =
        !connect.hasProxyProtocolConfig()
            ? 0
            : connect.getProxyProtocolConfig().getVersionValue() + 1;
    return new Upgrade(
        ScalarDecoder.bool(wire.hasEnabled(), wire.getEnabled(), true),
        wire.hasConnectConfig() ? new Connect(proxyProtocol, connect.getAllowPost()) : null);
  }

  static RouteAction redirect(RedirectAction wire, Field at) throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerRedirectAction.getDefaultInstance());
    at.unsupported(!newer.getPathRewrite().isEmpty(), "path_rewrite");
    var scheme =
        switch (wire.getSchemeRewriteSpecifierCase()) {
          case HTTPS_REDIRECT -> wire.getHttpsRedirect() ? "https" : null;
          case SCHEME_REDIRECT -> wire.getSchemeRedirect();
          case SCHEMEREWRITESPECIFIER_NOT_SET -> null;
        };
    PathRewrite path =
        switch (wire.getPathRewriteSpecifierCase()) {
          case PATH_REDIRECT -> new PathRewrite.Whole(wire.getPathRedirect());
          case PREFIX_REWRITE -> new PathRewrite.Prefix(wire.getPrefixRewrite());
          case REGEX_REWRITE ->
              HashRuleDecoder.regexRewrite(wire.getRegexRewrite(), at.at("regex_rewrite"));
          case PATHREWRITESPECIFIER_NOT_SET -> new PathRewrite.None();
        };
    return new RouteAction.Redirect(
        scheme,
        wire.getHostRedirect(),
        wire.getPortRedirect(),
        path,
        wire.getStripQuery(),
        switch (wire.getResponseCode()) {
          case MOVED_PERMANENTLY, UNRECOGNIZED -> 301;
          case FOUND -> 302;
          case SEE_OTHER -> 303;
          case TEMPORARY_REDIRECT -> 307;
          case PERMANENT_REDIRECT -> 308;
        });
  }

  static RouteAction direct(DirectResponseAction wire, long maxBody, Field at)
      throws InvalidResourceException {
    at.unsupported(
        NewerFields.of(wire, NewerDirectResponseAction.getDefaultInstance()).hasBodyFormat(),
        "body_format");
    var body = wire.hasBody() ? DataSourceDecoder.text(wire.getBody(), at.at("body")) : "";
    int size = body.getBytes(StandardCharsets.UTF_8).length;
    at.at("body")
        .check(size <= maxBody, "response body size is " + size + " bytes; maximum is " + maxBody);
    return new RouteAction.DirectResponse(wire.getStatus(), body);
  }

  /// The clusters that a target names.
  static List<String> named(Target target) {
    return switch (target) {
      case Target.Single(var cluster) -> List.of(cluster);
      case Target.ByHeader _ -> List.of();
      case Target.Weighted(var shares, _, _) ->
          shares.stream().flatMap(share -> named(share.target()).stream()).toList();
    };
  }
}
