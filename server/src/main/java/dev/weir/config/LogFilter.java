package dev.weir.config;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which entries an access log writes. Source: `envoy.config.accesslog.v3.AccessLogFilter`.
public sealed interface LogFilter {

  /// Compares the response code, which is 0 on plain TCP.
  record StatusCode(Comparison comparison) implements LogFilter {}

  /// Compares how long the connection lived, in milliseconds.
  record Duration(Comparison comparison) implements LogFilter {}

  /// Anything but a health check of the gateway itself.
  record NotHealthCheck() implements LogFilter {}

  /// Requests that are traced; no TCP connection is.
  record Traceable() implements LogFilter {}

  /// A random share of all.
  ///
  /// @param numerator of `denominator` parts
  record Share(int numerator, int denominator) implements LogFilter {}

  /// What each of the filters lets through.
  record All(List<LogFilter> filters) implements LogFilter {
    public All {
      filters = List.copyOf(filters);
    }
  }

  /// What any of the filters lets through.
  record Any(List<LogFilter> filters) implements LogFilter {
    public Any {
      filters = List.copyOf(filters);
    }
  }

  /// Requests with such a header; no TCP connection has one.
  ///
  /// @param match what its value must be; null if it is enough that it is there
  /// @param inverted whether those are wanted instead that do not match
  /// @param missingIsEmpty whether an absent header counts as an empty one
  record Header(String name, @Nullable TextMatch match, boolean inverted, boolean missingIsEmpty)
      implements LogFilter {}

  /// What has any of these flags, or any flag at all if none is named.
  ///
  /// @param flags short names, such as `UF`
  record ResponseFlag(Set<String> flags) implements LogFilter {
    public ResponseFlag {
      flags = Set.copyOf(flags);
    }
  }

  /// gRPC responses of such a status.
  ///
  /// @param statuses numbers, 0–16
  /// @param exclude whether all others are wanted instead
  record GrpcStatus(Set<Integer> statuses, boolean exclude) implements LogFilter {
    public GrpcStatus {
      statuses = Set.copyOf(statuses);
    }
  }

  /// What has such dynamic metadata.
  ///
  /// @param path of keys below the namespace
  /// @param match what the value must be
  /// @param ifAbsent whether that is written which has no such value
  record DynamicMetadata(String namespace, List<String> path, ValueMatch match, boolean ifAbsent)
      implements LogFilter {
    public DynamicMetadata {
      path = List.copyOf(path);
    }
  }

  /// What an expression is true of.
  record Expression(CelExpression expression) implements LogFilter {}

  /// Entries of these types, or of all others.
  record LogType(Set<AccessLogType> types, boolean exclude) implements LogFilter {
    public LogType {
      types = Set.copyOf(types);
    }
  }

  /// A number held against a fixed one.
  record Comparison(Op op, long value) {
    /// How they are compared.
    public enum Op {
      EQ,
      GE,
      LE,
      NE
    }

    /// Whether a number passes.
    public boolean test(long actual) {
      return switch (op) {
        case EQ -> actual == value;
        case GE -> actual >= value;
        case LE -> actual <= value;
        case NE -> actual != value;
      };
    }
  }
}
