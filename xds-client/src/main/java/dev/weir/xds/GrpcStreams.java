package dev.weir.xds;

import com.google.protobuf.Message;
import java.util.List;
import java.util.function.Consumer;

/// Opens streams of other gRPC services to the client's control planes. Any thread may call.
public interface GrpcStreams {
  /// Opens a stream on which only we speak. What the server answers is not looked at.
  ///
  /// @param controlPlane by name
  /// @param method full name: `envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs`
  /// @param initialMetadata headers of the stream
  /// @param ended called once, on the main loop, with the reason; not after [OutgoingStream#close]
  <Q extends Message> OutgoingStream<Q> open(
      String controlPlane,
      String method,
      List<ApiConfig.Header> initialMetadata,
      Consumer<String> ended);

  /// A stream on which only we speak. Any thread may call.
  interface OutgoingStream<Q extends Message> extends AutoCloseable {
    /// Sends a message. It is dropped if the stream has ended.
    void send(Q message);

    /// Whether the connection is up and what was sent before is on its way. What is sent all the
    /// same waits in memory.
    boolean isReady();

    /// Says that no more comes.
    @Override
    void close();
  }
}
