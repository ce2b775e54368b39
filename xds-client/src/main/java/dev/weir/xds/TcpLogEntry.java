package dev.weir.xds;

import dev.weir.xds.ControlPlane.Address;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an access log service is told of a TCP connection
/// (`envoy.data.accesslog.v3.TCPAccessLogEntry`).
///
/// @param responseFlags by their short names: `UF`
/// @param metadata values of namespaces: texts, numbers, truths, lists and maps of them, nulls
/// @param filterState texts by key
public record TcpLogEntry(
    Moment moment,
    Downstream downstream,
    Upstream upstream,
    List<String> responseFlags,
    Map<String, Map<String, @Nullable Object>> metadata,
    Map<String, String> filterState)
    implements LogEntry {

  /// When it was written.
  ///
  /// @param streamId a name for the connection that no other has
  /// @param type a number of `envoy.data.accesslog.v3.AccessLogType`
  /// @param startMicros since 1970
  /// @param duration from the start to the end; null while the connection lives
  public record Moment(String streamId, int type, long startMicros, @Nullable Duration duration) {}

  /// The client's side. Addresses are null where nobody knows them, texts are empty.
  public record Downstream(
      @Nullable Address remote,
      @Nullable Address local,
      @Nullable Address directRemote,
      Bytes bytes,
      String transportFailure,
      String terminationDetails) {}

  /// The server's side. Addresses are null where nobody knows them, texts are empty.
  ///
  /// @param attempts how often it was tried to connect
  public record Upstream(
      @Nullable Address remote,
      @Nullable Address local,
      String cluster,
      int attempts,
      Bytes bytes,
      String transportFailure) {
    /// There is none.
    public static final Upstream NONE = new Upstream(null, null, "", 0, Bytes.NONE, "");
  }

  /// Payload, as this side of the proxy saw it.
  public record Bytes(long received, long sent) {
    /// Nothing yet.
    public static final Bytes NONE = new Bytes(0, 0);
  }
}
