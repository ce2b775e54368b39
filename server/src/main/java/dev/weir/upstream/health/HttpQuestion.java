package dev.weir.upstream.health;

import dev.weir.config.HealthCheckConfig.Header;
import dev.weir.config.HealthCheckConfig.HttpRequest;
import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.upstream.host.Host;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Supplier;

/// A request of a check; made once for a host. Immutable.
///
/// @param authority the value of `host` and `:authority`
/// @param headers all further ones, with names in lower case
/// @param body may be empty
/// @param judges makes one for each answer
record HttpQuestion(
    String method,
    String path,
    String authority,
    HttpHeaders headers,
    ByteBuf body,
    Supplier<AnswerJudge> judges) {
  private static final String USER_AGENT = "Envoy/HC";

  /// The request of an HTTP check.
  static HttpQuestion of(HttpRequest request, Host host, String cluster, HttpJudge.Rule rule) {
    var body = HexFormat.of().parseHex(request.body());
    var headers = new DefaultHttpHeaders();
    headers.set("user-agent", USER_AGENT);
    request.headersToAdd().forEach(header -> add(header, headers));
    request.headersToRemove().forEach(headers::remove);
    if (body.length > 0) {
      headers.set("content-length", body.length);
    }
    return new HttpQuestion(
        request.method(),
        request.path(),
        CheckAddress.name(host, request.host(), cluster),
        headers,
        Payloads.constant(body),
        () -> new HttpJudge(rule));
  }

  /// The request of a gRPC check.
  static HttpQuestion of(Probe.Grpc grpc, Host host, String cluster) {
    var headers = new DefaultHttpHeaders();
    headers.set("te", "trailers");
    headers.set("content-type", "application/grpc");
    headers.set("user-agent", USER_AGENT);
    grpc.metadata().forEach(header -> add(header, headers));
    return new HttpQuestion(
        "POST",
        "/grpc.health.v1.Health/Check",
        CheckAddress.name(host, grpc.authority(), cluster),
        headers,
        Payloads.constant(GrpcJudge.request(grpc.serviceName())),
        GrpcJudge::new);
  }

  /// Of several values of a name there becomes one, with commas.
  private static void add(Header header, HttpHeaders headers) {
    var name = header.name().toLowerCase(Locale.ROOT);
    var present = headers.get(name);
    switch (header.action()) {
      case APPEND ->
          headers.set(name, present == null ? header.value() : present + "," + header.value());
      case OVERWRITE -> headers.set(name, header.value());
      case ADD_IF_ABSENT -> {
        if (present == null) {
          headers.set(name, header.value());
        }
      }
      case OVERWRITE_IF_PRESENT -> {
        if (present != null) {
          headers.set(name, header.value());
        }
      }
    }
  }
}
