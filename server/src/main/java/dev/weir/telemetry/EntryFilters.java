package dev.weir.telemetry;

import dev.weir.config.LogFilter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Compiles access log filters.
final class EntryFilters {
  private static final int GRPC_UNKNOWN = 2;

  private EntryFilters() {}

  static EntryFilter of(@Nullable LogFilter filter) {
    return switch (filter) {
      case null -> (_, _) -> true;
      case LogFilter.StatusCode(var comparison) ->
          (record, _) -> comparison.test(record.http == null ? 0 : record.http.responseCode());
      case LogFilter.Duration(var comparison) ->
          (record, _) -> comparison.test(record.durationNanos() / 1_000_000);
      case LogFilter.NotHealthCheck() ->
          (record, _) -> record.http == null || !record.http.isHealthCheck();
      case LogFilter.Traceable() -> (record, _) -> record.http != null && record.http.isTraced();
      case LogFilter.Share(var numerator, var denominator) ->
          (_, _) -> ThreadLocalRandom.current().nextInt(denominator) < numerator;
      case LogFilter.All(var filters) -> all(compile(filters));
      case LogFilter.Any(var filters) -> any(compile(filters));
      case LogFilter.Header header -> (record, _) -> header(header, record.http);
      case LogFilter.ResponseFlag(var flags) -> flags(flags);
      case LogFilter.GrpcStatus(var statuses, var exclude) ->
          (record, _) -> statuses.contains(grpcStatus(record.http)) != exclude;
      case LogFilter.DynamicMetadata metadata -> (record, _) -> metadata(metadata, record);
      case LogFilter.Expression(var expression) ->
          (record, _) -> expression.test(Attributes.of(record));
      case LogFilter.LogType(var types, var exclude) ->
          (_, type) -> types.contains(type) != exclude;
    };
  }

  private static EntryFilter[] compile(List<LogFilter> filters) {
    return filters.stream().map(EntryFilters::of).toArray(EntryFilter[]::new);
  }

  private static EntryFilter all(EntryFilter[] filters) {
    return (record, type) -> {
      for (var filter : filters) {
        if (!filter.wants(record, type)) {
          return false;
        }
      }
      return true;
    };
  }

  private static EntryFilter any(EntryFilter[] filters) {
    return (record, type) -> {
      for (var filter : filters) {
        if (filter.wants(record, type)) {
          return true;
        }
      }
      return false;
    };
  }

  private static boolean header(LogFilter.Header wanted, @Nullable HttpExchange http) {
    String value = http == null ? null : http.requestHeader(wanted.name());
    var match = wanted.match();
    if (match == null) {
      return (value != null) != wanted.inverted();
    }
    if (value == null && !wanted.missingIsEmpty()) {
      return false;
    }
    return match.test(value == null ? "" : value) != wanted.inverted();
  }

  private static EntryFilter flags(Set<String> names) {
    if (names.isEmpty()) {
      return (record, _) -> record.flags().length > 0;
    }
    var wanted = new ArrayList<ResponseFlag>();
    for (var flag : EnumSet.allOf(ResponseFlag.class)) {
      if (names.contains(flag.name())) {
        wanted.add(flag);
      }
    }
    return (record, _) -> {
      for (int i = 0; i < wanted.size(); i++) {
        if (record.has(wanted.get(i))) {
          return true;
        }
      }
      return false;
    };
  }

  /// A connection that is no gRPC call counts as one of unknown outcome.
  private static int grpcStatus(@Nullable HttpExchange http) {
    return http == null ? GRPC_UNKNOWN : http.grpcOutcome();
  }

  private static boolean metadata(LogFilter.DynamicMetadata wanted, ConnectionRecord record) {
    var value = StateFacts.find(record.metadata(wanted.namespace()), wanted.path());
    return value == null ? wanted.ifAbsent() : wanted.match().test(value);
  }
}
