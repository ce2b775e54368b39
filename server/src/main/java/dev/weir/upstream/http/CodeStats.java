package dev.weir.upstream.http;

import dev.weir.telemetry.StatScope;

/// Counts responses by status: below a cluster, and below its `external.` or `internal.`. Any
/// thread.
public final class CodeStats {
  private static final int HIGHEST = 600;
  private static final String[] CODES = new String[HIGHEST];
  private static final String[] CLASSES = new String[HIGHEST / 100];

  static {
    for (int code = 0; code < HIGHEST; code++) {
      CODES[code] = "upstream_rq_" + code;
    }
    for (int kind = 0; kind < CLASSES.length; kind++) {
      CLASSES[kind] = "upstream_rq_" + kind + "xx";
    }
  }

  private CodeStats() {}

  /// A response of this status has begun.
  ///
  /// @param internal whether the request came from inside
  public static void count(StatScope cluster, int status, boolean internal) {
    var origin = internal ? "internal." : "external.";
    cluster.counter("upstream_rq_completed").increment();
    cluster.counter(origin + "upstream_rq_completed").increment();
    if (status < 100 || status >= HIGHEST) {
      cluster.counter("upstream_rq_unknown").increment();
      cluster.counter(origin + "upstream_rq_unknown").increment();
      return;
    }
    var kind = CLASSES[status / 100];
    cluster.counter(kind).increment();
    cluster.counter(CODES[status]).increment();
    cluster.counter(origin + kind).increment();
    cluster.counter(origin + CODES[status]).increment();
  }

  /// A response of this status counts among some only.
  ///
  /// @param prefix of the names, such as `retry.`
  public static void countBelow(StatScope scope, String prefix, int status) {
    scope.counter(prefix + "upstream_rq_completed").increment();
    if (status >= 100 && status < HIGHEST) {
      scope.counter(prefix + CLASSES[status / 100]).increment();
      scope.counter(prefix + CODES[status]).increment();
    }
  }

  /// The prefix of what is counted between two zones; empty if one of them is not known.
  public static String zones(String from, String to) {
    return from.isEmpty() || to.isEmpty() ? "" : "zone." + from + "." + to + ".";
  }

  /// A whole exchange took this long, in milliseconds.
  public static void time(StatScope cluster, long millis, boolean internal) {
    cluster.histogram("upstream_rq_time").record(millis);
    cluster.histogram((internal ? "internal." : "external.") + "upstream_rq_time").record(millis);
  }
}
