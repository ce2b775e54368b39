package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.config.MetadataValue;
import dev.weir.xds.TcpLogEntry;
import dev.weir.xds.TcpLogEntry.Bytes;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What gRPC services are told of a connection. Immutable; any worker may ask.
///
/// @param filterStateKeys filter state objects that are told too
record GrpcLogEntry(List<String> filterStateKeys) implements GrpcEntryForm {

  @Override
  public TcpLogEntry of(ConnectionRecord record, AccessLogType type) {
    return new TcpLogEntry(
        new TcpLogEntry.Moment(
            orEmpty(record.streamId()),
            type.number(),
            record.startMicros,
            record.isClosed() ? Duration.ofNanos(record.durationNanos()) : null),
        downstream(record),
        record.upstream == null ? TcpLogEntry.Upstream.NONE : upstream(record.upstream),
        Arrays.stream(record.flags()).map(ResponseFlag::name).toList(),
        metadata(record),
        filterState(record));
  }

  private static TcpLogEntry.Downstream downstream(ConnectionRecord record) {
    return new TcpLogEntry.Downstream(
        ToldAddress.of(record.remoteAddress),
        ToldAddress.of(record.localAddress),
        ToldAddress.of(record.directRemoteAddress),
        new Bytes(record.bytesReceived, record.bytesSent),
        orEmpty(record.transportFailure),
        orEmpty(record.terminationDetails));
  }

  private static TcpLogEntry.Upstream upstream(UpstreamRecord side) {
    var host = side.host;
    var cluster = side.cluster;
    return new TcpLogEntry.Upstream(
        ToldAddress.of(host == null ? side.remoteAddress : host.address()),
        ToldAddress.of(side.localAddress),
        host == null || cluster == null ? "" : cluster.name(),
        side.attempts,
        new Bytes(side.bytesReceived, side.bytesSent),
        orEmpty(side.transportFailure));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Map<String, Map<String, @Nullable Object>> metadata(ConnectionRecord record) {
    if (record.metadata == null) {
      return Map.of();
    }
    var told = new HashMap<String, Map<String, @Nullable Object>>();
    record.metadata.forEach(
        (namespace, values) -> told.put(namespace, MetadataValue.plain(values)));
    return told;
  }

  private Map<String, String> filterState(ConnectionRecord record) {
    var told = new HashMap<String, String>();
    for (var key : filterStateKeys) {
      var value = record.filterState(key);
      var text = value == null ? null : value.text();
      if (text != null) {
        told.put(key, text);
      }
    }
    return told;
  }
}
