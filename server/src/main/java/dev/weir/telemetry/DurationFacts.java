package dev.weir.telemetry;

import dev.weir.config.LogTemplate.Part.Command;
import java.util.function.ToLongFunction;

/// How long something took.
final class DurationFacts {
  private static final long MILLIS = 1_000_000;

  private DurationFacts() {}

  static Fact of(Command command) {
    return switch (command.operator()) {
      case DURATION -> Facts.number(record -> record.durationNanos() / MILLIS);
      case DOWNSTREAM_HANDSHAKE_DURATION ->
          between(record -> record.startNanos, record -> record.handshakeNanos, MILLIS);
      case UPSTREAM_CONNECTION_POOL_READY_DURATION ->
          between(record -> record.startNanos, point("POOL_READY"), MILLIS);
      case COMMON_DURATION -> common(command.argument().split(":", -1));
      default -> throw Facts.misplaced(command);
    };
  }

  private static Fact common(String[] parts) {
    long unit =
        switch (parts.length == 3 ? parts[2] : "ms") {
          case "us" -> 1_000;
          case "ns" -> 1;
          default -> MILLIS;
        };
    return between(point(parts[0]), point(parts[1]), unit);
  }

  /// A moment by the name that `COMMON_DURATION` gives it; one that a TCP connection has not, or
  /// that nobody knows, never comes.
  private static ToLongFunction<ConnectionRecord> point(String name) {
    return switch (name) {
      case "DS_CX_BEG", "DS_RX_BEG" -> record -> record.startNanos;
      case "DS_CX_END" -> record -> record.endNanos;
      case "DS_HS_END" -> record -> record.handshakeNanos;
      case "US_CX_BEG" ->
          upstream(side ->
              side.connectedNanos == ConnectionRecord.UNSET
                  ? ConnectionRecord.UNSET
                  : side.attemptNanos);
      case "US_CX_END" -> upstream(side -> side.connectedNanos);
      case "US_HS_END" -> upstream(side -> side.handshakeNanos);
      case "POOL_READY" -> upstream(side -> side.poolReadyNanos);
      default -> request(name);
    };
  }

  private static ToLongFunction<ConnectionRecord> request(String name) {
    for (var moment : HttpMoment.values()) {
      if (moment.text().equals(name)) {
        return record -> record.http == null ? ConnectionRecord.UNSET : record.http.moment(moment);
      }
    }
    return _ -> ConnectionRecord.UNSET;
  }

  private static ToLongFunction<ConnectionRecord> upstream(ToLongFunction<UpstreamRecord> moment) {
    return record ->
        record.upstream == null ? ConnectionRecord.UNSET : moment.applyAsLong(record.upstream);
  }

  private static Fact between(
      ToLongFunction<ConnectionRecord> from, ToLongFunction<ConnectionRecord> to, long unit) {
    return (record, _, line) -> {
      long start = from.applyAsLong(record);
      long end = to.applyAsLong(record);
      if (start == ConnectionRecord.UNSET || end == ConnectionRecord.UNSET || end < start) {
        return FactKind.ABSENT;
      }
      line.number((end - start) / unit);
      return FactKind.LITERAL;
    };
  }
}
