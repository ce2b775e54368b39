package dev.weir.config;

import dev.weir.config.LogFilter.Comparison;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ExtensionFilter;
import io.envoyproxy.envoy.config.accesslog.v3.GrpcStatusFilter;
import io.envoyproxy.envoy.config.accesslog.v3.LogTypeFilter;
import io.envoyproxy.envoy.config.accesslog.v3.MetadataFilter;
import io.envoyproxy.envoy.config.accesslog.v3.RuntimeFilter;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import java.util.HashSet;
import java.util.List;

/// Makes [LogFilter]s.
public final class LogFilterDecoder {
  private LogFilterDecoder() {}

  /// Reads one filter.
  ///
  /// @throws InvalidResourceException if it says nothing, or nothing that we understand
  public static LogFilter decode(AccessLogFilter wire, Field at) throws InvalidResourceException {
    return switch (wire.getFilterSpecifierCase()) {
      case STATUS_CODE_FILTER ->
          new LogFilter.StatusCode(
              comparison(wire.getStatusCodeFilter().getComparison(), at.at("status_code_filter")));
      case DURATION_FILTER ->
          new LogFilter.Duration(
              comparison(wire.getDurationFilter().getComparison(), at.at("duration_filter")));
      case NOT_HEALTH_CHECK_FILTER -> new LogFilter.NotHealthCheck();
      case TRACEABLE_FILTER -> new LogFilter.Traceable();
      case RUNTIME_FILTER -> share(wire.getRuntimeFilter(), at.at("runtime_filter"));
      case AND_FILTER ->
          new LogFilter.All(all(wire.getAndFilter().getFiltersList(), at.at("and_filter")));
      case OR_FILTER ->
          new LogFilter.Any(all(wire.getOrFilter().getFiltersList(), at.at("or_filter")));
      case HEADER_FILTER ->
          header(wire.getHeaderFilter().getHeader(), at.at("header_filter").at("header"));
      case RESPONSE_FLAG_FILTER ->
          new LogFilter.ResponseFlag(new HashSet<>(wire.getResponseFlagFilter().getFlagsList()));
      case GRPC_STATUS_FILTER -> grpcStatus(wire.getGrpcStatusFilter());
      case EXTENSION_FILTER -> extension(wire.getExtensionFilter(), at.at("extension_filter"));
      case METADATA_FILTER -> metadata(wire.getMetadataFilter(), at.at("metadata_filter"));
      case LOG_TYPE_FILTER -> logType(wire.getLogTypeFilter(), at.at("log_type_filter"));
      case FILTERSPECIFIER_NOT_SET -> throw at.invalid("a filter is required");
    };
  }

  private static List<LogFilter> all(List<AccessLogFilter> wire, Field at) {
    return at.each("filters", wire, LogFilterDecoder::decode);
  }

  /// Runtime keys are not looked up: the default value is the value.
  private static Comparison comparison(ComparisonFilter wire, Field at)
      throws InvalidResourceException {
    var op = switch (wire.getOpValue()) { // by number, as the enum of our jar lacks the last
          case 0 -> Comparison.Op.EQ;
          case 1 -> Comparison.Op.GE;
          case 2 -> Comparison.Op.LE;
          case 3 -> Comparison.Op.NE;
          default -> throw at.at("comparison").at("op").invalid("unknown");
        };
    return new Comparison(op, Integer.toUnsignedLong(wire.getValue().getDefaultValue()));
  }

  private static LogFilter share(RuntimeFilter wire, Field at) throws InvalidResourceException {
    var percent = wire.getPercentSampled();
    int denominator =
        switch (percent.getDenominator()) {
          case HUNDRED -> 100;
          case TEN_THOUSAND -> 10_000;
          case MILLION -> 1_000_000;
          case UNRECOGNIZED -> throw at.at("percent_sampled").at("denominator").invalid("unknown");
        };
    return new LogFilter.Share(percent.getNumerator(), denominator);
  }

  @SuppressWarnings("deprecation") // The older ways to say what is matched are accepted too.
  private static LogFilter header(HeaderMatcher wire, Field at) throws InvalidResourceException {
    boolean inverted = wire.getInvertMatch();
    var match =
        switch (wire.getHeaderMatchSpecifierCase()) {
          case EXACT_MATCH -> new TextMatch.Exact(wire.getExactMatch(), false);
          case PREFIX_MATCH -> new TextMatch.Prefix(wire.getPrefixMatch(), false);
          case SUFFIX_MATCH -> new TextMatch.Suffix(wire.getSuffixMatch(), false);
          case CONTAINS_MATCH -> new TextMatch.Contains(wire.getContainsMatch(), false);
          case SAFE_REGEX_MATCH ->
              TextMatchDecoder.regex(wire.getSafeRegexMatch(), at.at("safe_regex_match"));
          case STRING_MATCH ->
              TextMatchDecoder.decode(wire.getStringMatch(), at.at("string_match"));
          case RANGE_MATCH -> throw at.at("range_match").invalid("not supported");
          case PRESENT_MATCH -> {
            inverted ^= !wire.getPresentMatch();
            yield null;
          }
          case HEADERMATCHSPECIFIER_NOT_SET -> null;
        };
    return new LogFilter.Header(
        wire.getName(), match, inverted, wire.getTreatMissingHeaderAsEmpty());
  }

  private static LogFilter grpcStatus(GrpcStatusFilter wire) {
    return new LogFilter.GrpcStatus(new HashSet<>(wire.getStatusesValueList()), wire.getExclude());
  }

  private static LogFilter extension(ExtensionFilter wire, Field at)
      throws InvalidResourceException {
    var typedAt = at.at("typed_config");
    var typed = ExtensionDecoder.unpack(wire.getName(), wire.getTypedConfig(), typedAt);
    if (typed instanceof ExpressionFilter filter) {
      return new LogFilter.Expression(
          CelDecoder.text(filter.getExpression(), typedAt.at("expression")));
    }
    throw ExtensionDecoder.unregistered(
        wire.getName(), wire.getTypedConfig().getTypeUrl(), typedAt);
  }

  private static LogFilter metadata(MetadataFilter wire, Field at) throws InvalidResourceException {
    var matcher = wire.getMatcher();
    at.withoutEffect(matcher.getInvert(), "matcher.invert");
    return new LogFilter.DynamicMetadata(
        matcher.getFilter(),
        matcher.getPathList().stream().map(MetadataMatcher.PathSegment::getKey).toList(),
        wire.hasMatcher()
            ? ValueMatchDecoder.decode(matcher.getValue(), at.at("matcher").at("value"))
            : new ValueMatch.Present(false),
        !wire.hasMatchIfKeyNotFound() || wire.getMatchIfKeyNotFound().getValue());
  }

  private static LogFilter logType(LogTypeFilter wire, Field at) throws InvalidResourceException {
    var known = AccessLogType.values();
    var types = new HashSet<AccessLogType>();
    for (int number : wire.getTypesValueList()) {
      at.at("types").require(number < known.length, "unknown access log type " + number);
      types.add(known[number]);
    }
    return new LogFilter.LogType(types, wire.getExclude());
  }
}
