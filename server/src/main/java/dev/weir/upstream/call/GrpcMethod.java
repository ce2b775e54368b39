package dev.weir.upstream.call;

import dev.weir.config.GrpcServiceConfig;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.FilledTemplate;
import dev.weir.transport.Worker;
import dev.weir.upstream.Clusters;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A method of a gRPC service behind a cluster, that takes one message and answers with one.
/// Immutable; any worker. Source: "gRPC over HTTP2" of grpc.io.
public final class GrpcMethod {
  private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
  private static final AsciiString STATUS = AsciiString.cached("grpc-status");
  private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString TYPE = AsciiString.cached("application/grpc");
  private static final int UNKNOWN = 2;
  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;

  /// Whether it is compressed, and its length.
  private static final int PREFIX = 5;

  private final Clusters clusters;
  private final GrpcServiceConfig service;
  private final AsciiString path;
  private final String self;
  private final String timeout;
  private final Map<AsciiString, FilledTemplate> metadata = new HashMap<>();

  /// @param method its full name: `envoy.service.auth.v3.Authorization/Check`
  /// @param self the address by which this gateway tells of itself
  public GrpcMethod(Clusters clusters, GrpcServiceConfig service, String method, String self) {
    this.clusters = clusters;
    this.service = service;
    this.path = AsciiString.of("/" + method);
    this.self = self;
    var millis = Long.toString(service.timeout().toMillis());
    // A number has eight digits at most.
    this.timeout = millis.length() <= 8 ? millis + "m" : service.timeout().toMinutes() + "M";
    service
        .initialMetadata()
        .forEach((name, value) -> metadata.put(AsciiString.of(name), FilledTemplate.header(value)));
  }

  /// Calls it.
  ///
  /// @param record what the call is about
  /// @param waiter is told once, perhaps before this returns; not once it was cancelled
  /// @return what to cancel by
  public HttpCall call(
      Worker worker, byte[] message, ConnectionRecord record, Consumer<GrpcAnswer> waiter) {
    var framed = ByteBuffer.allocate(PREFIX + message.length);
    framed.put((byte) 0).putInt(message.length).put(message);
    var request =
        new HttpCall.Request(service.cluster(), headers(record), framed.flip(), service.timeout());
    return HttpCall.start(worker, clusters, request, answer -> waiter.accept(read(answer)));
  }

  private Http2Headers headers(ConnectionRecord record) {
    var headers =
        new DefaultHttp2Headers(false)
            .method("POST")
            .scheme("http")
            .authority(service.authority().isEmpty() ? service.cluster() : service.authority())
            .path(path)
            .set("te", "trailers");
    boolean limited = !service.timeout().isZero();
    if (limited) {
      headers.set(TIMEOUT, timeout);
    }
    headers.set(CONTENT_TYPE, TYPE);
    metadata.forEach((name, value) -> headers.add(name, value.fill(record)));
    if (service.envoyHeaders()) {
      headers.set("x-envoy-internal", "true");
      headers.set("x-forwarded-for", self);
    }
    if (limited) {
      headers.set("x-envoy-expected-rq-timeout-ms", Long.toString(service.timeout().toMillis()));
    }
    return headers;
  }

  private static GrpcAnswer read(HttpAnswer answer) {
    return switch (answer) {
      case HttpAnswer.Failed(int status, var reason) ->
          new GrpcAnswer.Failed(status == 504 ? 4 : UNAVAILABLE, reason);
      case HttpAnswer.Response response -> read(response);
    };
  }

  private static GrpcAnswer read(HttpAnswer.Response response) {
    if (response.status() != 200) {
      return new GrpcAnswer.Failed(UNKNOWN, "HTTP status " + response.status());
    }
    var last = response.trailers() == null ? response.headers() : response.trailers();
    var status = last.get(STATUS);
    if (status == null || !status.toString().matches("[0-9]{1,4}")) {
      return new GrpcAnswer.Failed(UNKNOWN, "no grpc-status");
    }
    int code = Integer.parseInt(status.toString());
    if (code != 0) {
      return new GrpcAnswer.Failed(code, String.valueOf(last.get(MESSAGE)));
    }
    var message = message(response.body());
    return message == null
        ? new GrpcAnswer.Failed(INTERNAL, "not one whole message")
        : new GrpcAnswer.Message(message);
  }

  /// The only message of a body; null if there is none, more than one, or a compressed one.
  private static @Nullable ByteBuffer message(ByteBuffer body) {
    if (body.remaining() < PREFIX) {
      return null;
    }
    var bytes = body.slice();
    if (bytes.get() != 0 || bytes.getInt() != bytes.remaining()) {
      return null;
    }
    return bytes;
  }
}
