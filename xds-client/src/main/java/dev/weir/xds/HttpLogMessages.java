package dev.weir.xds;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.UInt32Value;
import dev.weir.xds.HttpLogEntry.Moment;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry.HTTPVersion;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import java.util.Arrays;

/// Makes messages of access log entries about requests, with the fields that Envoy fills.
final class HttpLogMessages {
  private HttpLogMessages() {}

  static HTTPAccessLogEntry entry(HttpLogEntry entry) {
    var common = AccessLogMessages.common(entry.common()).setRouteName(entry.routeName());
    entry
        .moments()
        .forEach(
            (moment, passed) -> common.setField(field(moment), AccessLogMessages.duration(passed)));
    return HTTPAccessLogEntry.newBuilder()
        .setCommonProperties(common)
        .setProtocolVersion(version(entry.protocol()))
        .setRequest(request(entry.request()))
        .setResponse(response(entry.response()))
        .build();
  }

  private static FieldDescriptor field(Moment moment) {
    return AccessLogCommon.getDescriptor().findFieldByNumber(moment.field);
  }

  private static HTTPVersion version(String protocol) {
    return switch (protocol) {
      case "HTTP/1.0" -> HTTPVersion.HTTP10;
      case "HTTP/1.1" -> HTTPVersion.HTTP11;
      case "HTTP/2" -> HTTPVersion.HTTP2;
      default -> HTTPVersion.PROTOCOL_UNSPECIFIED;
    };
  }

  private static HTTPRequestProperties request(HttpLogEntry.Request entry) {
    var sizes = entry.sizes();
    var request =
        HTTPRequestProperties.newBuilder()
            .setRequestMethod(method(entry.method()))
            .setRequestHeadersBytes(sizes.head())
            .setRequestBodyBytes(sizes.body())
            .setDownstreamHeaderBytesReceived(sizes.headDownstream())
            .setUpstreamHeaderBytesSent(sizes.headUpstream())
            .putAllRequestHeaders(entry.headers());
    entry
        .known()
        .forEach((name, value) ->
            request.setField(HTTPRequestProperties.getDescriptor().findFieldByName(name), value));
    return request.build();
  }

  private static RequestMethod method(String name) {
    return Arrays.stream(RequestMethod.values())
        .filter(method -> method.name().equals(name))
        .findFirst()
        .orElse(RequestMethod.METHOD_UNSPECIFIED);
  }

  private static HTTPResponseProperties response(HttpLogEntry.Response entry) {
    var sizes = entry.sizes();
    var response =
        HTTPResponseProperties.newBuilder()
            .setResponseHeadersBytes(sizes.head())
            .setResponseBodyBytes(sizes.body())
            .setDownstreamHeaderBytesSent(sizes.headDownstream())
            .setUpstreamHeaderBytesReceived(sizes.headUpstream())
            .putAllResponseHeaders(entry.headers())
            .putAllResponseTrailers(entry.trailers());
    if (entry.code() != 0) {
      response.setResponseCode(UInt32Value.of(entry.code()));
    }
    var details = entry.details();
    if (details != null) {
      response.setResponseCodeDetails(details);
    }
    return response.build();
  }
}
