package dev.weir.xds;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an access log service is told of an HTTP request
/// (`envoy.data.accesslog.v3.HTTPAccessLogEntry`).
///
/// @param common what it is told of connections too
/// @param moments when something happened, from the start on
/// @param routeName empty if it has none
/// @param protocol as lines call it: `HTTP/2`
public record HttpLogEntry(
    TcpLogEntry common,
    Map<Moment, Duration> moments,
    String routeName,
    String protocol,
    Request request,
    Response response)
    implements LogEntry {

  /// Steps of a request, with the number of the field that each is told in.
  public enum Moment {
    REQUEST_END(6),
    UPSTREAM_REQUEST_BEGIN(7),
    UPSTREAM_REQUEST_END(8),
    UPSTREAM_RESPONSE_BEGIN(9),
    UPSTREAM_RESPONSE_END(10),
    RESPONSE_BEGIN(11),
    RESPONSE_END(12);

    final int field;

    Moment(int field) {
      this.field = field;
    }
  }

  /// The request.
  ///
  /// @param known headers that have a field of their own, by the field's name
  /// @param headers others that were asked for
  public record Request(
      String method, Map<String, String> known, Sizes sizes, Map<String, String> headers) {}

  /// The response.
  ///
  /// @param code 0 if there is none
  /// @param details why it is that one; null if nobody said
  public record Response(
      int code,
      @Nullable String details,
      Sizes sizes,
      Map<String, String> headers,
      Map<String, String> trailers) {}

  /// Bytes of a message.
  ///
  /// @param head its names and values alone
  /// @param headDownstream the head between client and proxy
  /// @param headUpstream the head between proxy and host
  public record Sizes(long head, long body, long headDownstream, long headUpstream) {}
}
