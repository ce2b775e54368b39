package dev.weir.http;

import dev.weir.config.http.LocalReplyConfig;
import dev.weir.http.filter.LocalReply;
import dev.weir.http.route.HeaderEdits;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.FilledTemplate;
import dev.weir.telemetry.RecordFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How our own answers look. Immutable; any worker.
final class LocalReplies {
  private final List<Mapper> mappers;
  private final @Nullable Format format;

  private record Format(FilledTemplate body, String contentType) {
    static @Nullable Format of(LocalReplyConfig.@Nullable Body config) {
      return config == null
          ? null
          : new Format(FilledTemplate.body(config.layout()), config.contentType());
    }
  }

  private record Mapper(
      RecordFilter filter,
      int status,
      @Nullable String text,
      @Nullable Format format,
      HeaderEdits headers) {}

  LocalReplies(LocalReplyConfig config) {
    this.format = Format.of(config.body());
    this.mappers =
        config.mappers().stream()
            .map(mapper ->
                new Mapper(
                    RecordFilter.of(mapper.filter()),
                    mapper.status(),
                    mapper.text(),
                    Format.of(mapper.body()),
                    HeaderEdits.of(mapper.headers())))
            .toList();
  }

  /// An answer as it is sent.
  record Answer(Http2Headers headers, ByteBuf body) {}

  /// @param request what is answered: to gRPC in its own way
  Answer make(LocalReply reply, Http2Headers request, ConnectionRecord record, RequestFacts facts) {
    var headers = new DefaultHttp2Headers(false);
    int status = reply.status();
    headers.status(Integer.toString(status));
    facts.response(headers, status);
    var text = reply.body();
    var shape = format;
    reply.headers().accept(headers);
    for (var mapper : mappers) {
      if (mapper.filter.test(record)) {
        status = mapper.status == 0 ? status : mapper.status;
        headers.status(Integer.toString(status));
        text = mapper.text == null ? text : mapper.text;
        shape = mapper.format == null ? shape : mapper.format;
        mapper.headers.apply(headers, record);
        break;
      }
    }
    facts.response(headers, status);
    facts.localReplyBody(text);
    var body = shape == null ? text : shape.body.fill(record);
    facts.localReplyBody(""); // logs do not say it
    if (isGrpc(request)) {
      return grpc(headers, status, reply.grpcStatus(), body);
    }
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0) {
      headers.set(Names.CONTENT_LENGTH, Integer.toString(bytes.length));
      if (!headers.contains(Names.CONTENT_TYPE)) {
        headers.set(Names.CONTENT_TYPE, shape == null ? "text/plain" : shape.contentType);
      }
    }
    return new Answer(headers, Unpooled.wrappedBuffer(bytes));
  }

  private static boolean isGrpc(Http2Headers request) {
    var type = request.get(Names.CONTENT_TYPE);
    return type != null && type.toString().startsWith("application/grpc");
  }

  private static Answer grpc(Http2Headers headers, int status, int grpcStatus, String text) {
    headers.status("200");
    headers.set(Names.CONTENT_TYPE, "application/grpc");
    headers.set(
        Names.GRPC_STATUS,
        Integer.toString(grpcStatus < 0 ? GrpcCodes.ofHttp(status) : grpcStatus));
    if (!text.isEmpty()) {
      headers.set(Names.GRPC_MESSAGE, percentEncoded(text));
    }
    return new Answer(headers, Unpooled.EMPTY_BUFFER);
  }

  private static String percentEncoded(String text) {
    var out = new StringBuilder(text.length());
    for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
      if (next >= ' ' && next < 0x7f && next != '%') {
        out.append((char) next);
      } else {
        out.append('%').append("%02X".formatted(next & 0xff));
      }
    }
    return out.toString();
  }
}
