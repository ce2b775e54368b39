package dev.weir.config.http;

import com.google.re2j.Pattern;
import dev.weir.config.Field;
import dev.weir.config.Re2;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.TextMatchDecoder;
import dev.weir.config.UriTemplateDecoder;
import dev.weir.config.http.RouteMatch.Path;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerRouteMatch;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import org.jspecify.annotations.Nullable;

/// Makes [RouteMatch]es.
final class RouteMatchDecoder {
  private RouteMatchDecoder() {}

  static RouteMatch match(io.envoyproxy.envoy.config.route.v3.RouteMatch wire, Field at)
      throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerRouteMatch.getDefaultInstance());
    return new RouteMatch(
        path(wire, at),
        HeaderMatchDecoder.all("headers", wire.getHeadersList(), at),
        at.each("query_parameters", wire.getQueryParametersList(), HeaderMatchDecoder::query),
        at.each("cookies", newer.getCookiesList(), RouteMatchDecoder::cookie),
        at.each("dynamic_metadata", wire.getDynamicMetadataList(), MetadataMatchDecoder::decode),
        at.each("filter_state", wire.getFilterStateList(), RouteMatchDecoder::state),
        wire.hasGrpc(),
        wire.hasRuntimeFraction()
            ? share(wire.getRuntimeFraction(), at.at("runtime_fraction"))
            : null,
        tls(wire));
  }

  private static StateMatch state(FilterStateMatcher wire, Field at)
      throws InvalidResourceException {
    at.unsupported(wire.hasAddressMatch(), "address_match");
    return new StateMatch(
        wire.getKey(), TextMatchDecoder.decode(wire.getStringMatch(), at.at("string_match")));
  }

  private static QueryMatch cookie(NewerRouteMatch.CookieMatcher wire, Field at)
      throws InvalidResourceException {
    return new QueryMatch(
        wire.getName(),
        TextMatchDecoder.decode(wire.getStringMatch(), at.at("string_match")),
        true,
        wire.getInvertMatch());
  }

  private static Path path(io.envoyproxy.envoy.config.route.v3.RouteMatch wire, Field at)
      throws InvalidResourceException {
    boolean ignoreCase =
        !ScalarDecoder.bool(wire.hasCaseSensitive(), wire.getCaseSensitive(), true);
    return switch (wire.getPathSpecifierCase()) {
      case PREFIX -> new Path.Prefix(wire.getPrefix(), ignoreCase);
      case PATH -> new Path.Exact(wire.getPath(), ignoreCase);
      case SAFE_REGEX ->
          new Path.Regex(regex(wire.getSafeRegex().getRegex(), at.at("safe_regex").at("regex")));
      case PATH_SEPARATED_PREFIX ->
          new Path.SeparatedPrefix(wire.getPathSeparatedPrefix(), ignoreCase);
      case CONNECT_MATCHER -> new Path.Connect();
      case PATH_MATCH_POLICY ->
          new Path.Template(
              UriTemplateDecoder.match(wire.getPathMatchPolicy(), at.at("path_match_policy")));
      case PATHSPECIFIER_NOT_SET -> throw at.invalid("path_specifier is required");
    };
  }

  static Pattern regex(String expression, Field at) throws InvalidResourceException {
    try {
      return Re2.compile(expression);
    } catch (IllegalArgumentException e) {
      throw at.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static RouteMatch.@Nullable Tls tls(io.envoyproxy.envoy.config.route.v3.RouteMatch wire) {
    if (!wire.hasTlsContext()) {
      return null;
    }
    var tls = wire.getTlsContext();
    return new RouteMatch.Tls(
        tls.hasPresented() ? (Boolean) tls.getPresented().getValue() : null,
        tls.hasValidated() ? (Boolean) tls.getValidated().getValue() : null);
  }

  static Share share(RuntimeFractionalPercent wire, Field at) throws InvalidResourceException {
    return share(wire.getDefaultValue(), at.at("default_value"));
  }

  static Share share(FractionalPercent wire, Field at) throws InvalidResourceException {
    int denominator =
        switch (wire.getDenominator()) {
          case HUNDRED -> 100;
          case TEN_THOUSAND -> 10_000;
          case MILLION -> 1_000_000;
          case UNRECOGNIZED -> throw at.at("denominator").invalid("unknown");
        };
    return new Share(wire.getNumerator(), denominator);
  }
}
