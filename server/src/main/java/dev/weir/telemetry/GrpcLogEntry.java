package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.config.MetadataValue;
import dev.weir.xds.ControlPlane.Address;
import dev.weir.xds.TcpLogEntry;
import dev.weir.xds.TcpLogEntry.Bytes;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What gRPC services are told of a connection. Immutable; any worker may ask.
///
/// @param filterStateKeys filter state objects that are told too
record GrpcLogEntry(List<String> filterStateKeys) {

  /// What there is to say of a connection now.
  TcpLogEntry of(ConnectionRecord record, AccessLogType type) {
    return new TcpLogEntry(
        new TcpLogEntry.Moment(
            record.streamId(),
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
        address(record.remoteAddress),
        address(record.localAddress),
        address(record.directRemoteAddress),
        new Bytes(record.bytesReceived, record.bytesSent),
        orEmpty(record.transportFailure),
        orEmpty(record.terminationDetails));
  }

  private static TcpLogEntry.Upstream upstream(UpstreamRecord side) {
    var host = side.host;
    var cluster = side.cluster;
    return new TcpLogEntry.Upstream(
        address(host == null ? side.remoteAddress : host.address()),
        address(side.localAddress),
        host == null || cluster == null ? "" : cluster.name(),
        side.attempts,
        new Bytes(side.bytesReceived, side.bytesSent),
        orEmpty(side.transportFailure));
  }

  private static @Nullable Address address(@Nullable SocketAddress address) {
    return switch (address) {
      case null -> null;
      case InetSocketAddress inet when inet.isUnresolved() ->
          new Address.Host(inet.getHostString(), inet.getPort());
      case InetSocketAddress inet ->
          new Address.Host(NetUtil.toAddressString(inet.getAddress()), inet.getPort());
      case DomainSocketAddress local -> new Address.Pipe(local.path());
      default -> null;
    };
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Map<String, Map<String, @Nullable Object>> metadata(ConnectionRecord record) {
    if (record.metadata == null) {
      return Map.of();
    }
    var told = new HashMap<String, Map<String, @Nullable Object>>();
    record.metadata.forEach((namespace, values) -> told.put(namespace, plain(values)));
    return told;
  }

  private static Map<String, @Nullable Object> plain(Map<String, MetadataValue> values) {
    var plain = new HashMap<String, @Nullable Object>();
    values.forEach((key, value) -> plain.put(key, plain(value)));
    return plain;
  }

  private static @Nullable Object plain(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Null() -> null;
      case MetadataValue.Bool(boolean truth) -> truth;
      case MetadataValue.Numeric(double number) -> number;
      case MetadataValue.Text(var text) -> text;
      case MetadataValue.Items(var items) -> items.stream().map(GrpcLogEntry::plain).toList();
      case MetadataValue.Fields(var fields) -> plain(fields);
    };
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
