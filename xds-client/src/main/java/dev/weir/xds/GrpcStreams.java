package dev.weir.xds;

import com.google.protobuf.Message;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Opens streams to gRPC services that are no control planes. Any thread may call.
interface GrpcStreams extends AutoCloseable {
  /// Connects when the first stream is opened.
  ///
  /// @param servers how a cluster's service is reached, by the cluster's name; null where there is
  ///   no such cluster
  static GrpcStreams of(SerialLoop loop, Function<String, @Nullable ControlPlane> servers) {
    return new OutgoingStreams(loop, new Channels(servers));
  }

  /// Opens a stream on which only we speak. What the server answers is not looked at.
  ///
  /// @param cluster by name
  /// @param method full name: `envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs`
  /// @param initialMetadata headers of the stream
  <Q extends Message> OutgoingStream<Q> open(
      String cluster, String method, List<ApiConfig.Header> initialMetadata, Life life);

  /// Breaks off all streams. Main loop only.
  @Override
  void close();

  /// What happens to a stream. Called on the main loop.
  interface Life {
    /// The connection is up, or has room again.
    default void ready() {}

    /// The stream is over, after [OutgoingStream#close] too. Called once.
    void ended(String reason);
  }

  /// A stream on which only we speak. Any thread may call.
  interface OutgoingStream<Q extends Message> extends AutoCloseable {
    /// Sends a message. It is dropped if the stream has ended.
    void send(Q message);

    /// Whether the connection is up and what was sent before is on its way. What is sent all the
    /// same waits in memory.
    boolean isReady();

    /// Says that no more comes. The server ends the stream then.
    @Override
    void close();
  }
}
