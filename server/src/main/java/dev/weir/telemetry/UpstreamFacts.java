package dev.weir.telemetry;

import dev.weir.config.LogTemplate.Part.Command;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What is known of the upstream side.
final class UpstreamFacts {
  private UpstreamFacts() {}

  /// Writes one host.
  private interface HostText {
    void write(HostFacts host, LogLine line);
  }

  static Fact of(Command command) {
    return switch (command.operator()) {
      case UPSTREAM_HOST -> host((host, line) -> AddressText.full(host.address(), line));
      case UPSTREAM_HOST_NAME -> host((host, line) -> line.text(host.name()));
      case UPSTREAM_HOST_NAME_WITHOUT_PORT -> host((host, line) -> line.text(withoutPort(host)));
      case UPSTREAM_HOSTS_ATTEMPTED ->
          hosts((host, line) -> AddressText.full(host.address(), line));
      case UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT ->
          hosts((host, line) -> AddressText.withoutPort(host.address(), line));
      case UPSTREAM_HOST_NAMES_ATTEMPTED -> hosts((host, line) -> line.text(host.name()));
      case UPSTREAM_HOST_NAMES_ATTEMPTED_WITHOUT_PORT ->
          hosts((host, line) -> line.text(withoutPort(host)));
      case UPSTREAM_CLUSTER -> text(side -> side.cluster == null ? null : side.cluster.statName());
      case UPSTREAM_CLUSTER_RAW -> text(side -> side.cluster == null ? null : side.cluster.name());
      case UPSTREAM_CONNECTION_ID -> number(side -> side.connectionId);
      case UPSTREAM_CONNECTION_IDS_ATTEMPTED ->
          text(side -> side.remoteAddress == null ? null : Long.toString(side.connectionId));
      case UPSTREAM_SERVER_NAME -> text(side -> side.serverName);
      case UPSTREAM_TRANSPORT_FAILURE_REASON ->
          text(side -> DownstreamFacts.oneWord(side.transportFailure));
      case UPSTREAM_DETECTED_CLOSE_TYPE ->
          Facts.text(record ->
              record.http != null && (record.upstream == null || record.upstream.host == null)
                  ? null
                  : DownstreamFacts.closeType(
                      record.upstream == null ? null : record.upstream.closeType));
      case UPSTREAM_LOCAL_CLOSE_REASON -> text(side -> side.localCloseReason);
      case UPSTREAM_REQUEST_ATTEMPT_COUNT -> number(side -> side.attempts);
      default -> throw Facts.misplaced(command);
    };
  }

  private static Fact text(Function<UpstreamRecord, @Nullable String> value) {
    return Facts.text(record -> record.upstream == null ? null : value.apply(record.upstream));
  }

  private static Fact number(ToLongFunction<UpstreamRecord> value) {
    return Facts.number(record -> record.upstream == null ? 0 : value.applyAsLong(record.upstream));
  }

  private static Fact host(HostText text) {
    return (record, _, line) -> {
      var side = record.upstream;
      if (side == null || side.host == null) {
        return FactKind.ABSENT;
      }
      text.write(side.host, line);
      return FactKind.TEXT;
    };
  }

  private static Fact hosts(HostText text) {
    return (record, _, line) -> {
      var side = record.upstream;
      boolean request = record.http != null; // Envoy keeps its last host alone, once connected
      if (side == null
          || side.host == null
          || (request && side.connectedNanos == ConnectionRecord.UNSET)) {
        return FactKind.ABSENT;
      }
      for (var earlier : request ? List.<HostFacts>of() : side.earlierHosts) {
        text.write(earlier, line);
        line.ascii(',');
      }
      text.write(side.host, line);
      return FactKind.TEXT;
    };
  }

  /// The host's name, without the port that it has where it is an address.
  private static String withoutPort(HostFacts host) {
    String name = host.name();
    int colon = name.lastIndexOf(':');
    boolean bare = colon < 0 || (name.indexOf(':') != colon && !name.startsWith("["));
    if (bare) {
      return name;
    }
    return name.startsWith("[") ? name.substring(1, name.indexOf(']')) : name.substring(0, colon);
  }
}
