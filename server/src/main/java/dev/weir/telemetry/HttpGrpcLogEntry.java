package dev.weir.telemetry;

import dev.weir.config.AccessLogSinkConfig;
import dev.weir.config.AccessLogType;
import dev.weir.telemetry.HttpExchange.Part;
import dev.weir.xds.HttpLogEntry;
import dev.weir.xds.HttpLogEntry.Moment;
import dev.weir.xds.HttpLogEntry.Sizes;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What gRPC services are told of a request. Immutable; any worker may ask.
///
/// @param common what they are told of connections too
record HttpGrpcLogEntry(GrpcLogEntry common, AccessLogSinkConfig.HttpGrpc config)
    implements GrpcEntryForm {

  /// The headers that have fields of their own.
  private static final Map<String, String> KNOWN =
      Map.of(
          ":scheme", "scheme",
          ":authority", "authority",
          ":path", "path",
          "user-agent", "user_agent",
          "referer", "referer",
          "x-forwarded-for", "forwarded_for",
          "x-request-id", "request_id",
          "x-envoy-original-path", "original_path");

  private static final Map<Moment, HttpMoment> MOMENTS =
      Map.of(
          Moment.REQUEST_END, HttpMoment.REQUEST_END,
          Moment.UPSTREAM_REQUEST_BEGIN, HttpMoment.UPSTREAM_REQUEST_BEGIN,
          Moment.UPSTREAM_REQUEST_END, HttpMoment.UPSTREAM_REQUEST_END,
          Moment.UPSTREAM_RESPONSE_BEGIN, HttpMoment.UPSTREAM_RESPONSE_BEGIN,
          Moment.UPSTREAM_RESPONSE_END, HttpMoment.UPSTREAM_RESPONSE_END,
          Moment.RESPONSE_BEGIN, HttpMoment.RESPONSE_BEGIN,
          Moment.RESPONSE_END, HttpMoment.RESPONSE_END);

  HttpGrpcLogEntry(AccessLogSinkConfig.HttpGrpc config) {
    this(new GrpcLogEntry(config.stream().filterStateKeys()), config);
  }

  @Override
  public HttpLogEntry of(ConnectionRecord record, AccessLogType type) {
    var http = record.http;
    return new HttpLogEntry(
        common.of(record, type),
        moments(record, http),
        http == null || http.route() == null ? "" : http.route().name(),
        http == null ? "" : http.protocol(),
        request(record, http),
        response(record, http));
  }

  private static Map<Moment, Duration> moments(
      ConnectionRecord record, @Nullable HttpExchange http) {
    var moments = new EnumMap<Moment, Duration>(Moment.class);
    if (http != null) {
      MOMENTS.forEach((told, moment) -> {
        long nanos = http.moment(moment);
        if (nanos != ConnectionRecord.UNSET) {
          moments.put(told, Duration.ofNanos(nanos - record.startNanos));
        }
      });
    }
    return moments;
  }

  private HttpLogEntry.Request request(ConnectionRecord record, @Nullable HttpExchange http) {
    var upstream = record.upstream;
    var known = new HashMap<String, String>();
    var method = http == null ? null : http.requestHeader(":method");
    if (http != null) {
      KNOWN.forEach((name, field) -> {
        var value = http.requestHeader(name);
        if (value != null) {
          known.put(field, value);
        }
      });
    }
    long head = http == null ? 0 : http.headerBytes(Part.REQUEST);
    return new HttpLogEntry.Request(
        method == null ? "" : method,
        known,
        new Sizes(
            head, record.bytesReceived, head, upstream == null ? 0 : upstream.headerBytesSent),
        chosen(http, Part.REQUEST, config.requestHeaders()));
  }

  private HttpLogEntry.Response response(ConnectionRecord record, @Nullable HttpExchange http) {
    var upstream = record.upstream;
    long head = http == null ? 0 : http.headerBytes(Part.RESPONSE);
    return new HttpLogEntry.Response(
        http == null ? 0 : http.responseCode(),
        http == null ? null : http.codeDetails(),
        new Sizes(
            head, record.bytesSent, head, upstream == null ? 0 : upstream.headerBytesReceived),
        chosen(http, Part.RESPONSE, config.responseHeaders()),
        chosen(http, Part.TRAILERS, config.responseTrailers()));
  }

  private static Map<String, String> chosen(
      @Nullable HttpExchange http, Part part, List<String> names) {
    var chosen = new HashMap<String, String>();
    for (var name : names) {
      var value = http == null ? null : http.header(part, name);
      if (value != null) {
        chosen.put(name, value);
      }
    }
    return chosen;
  }
}
