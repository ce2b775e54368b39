package dev.weir.upstream.health;

import dev.weir.config.HeaderAddition.Action;
import dev.weir.config.HealthCheckConfig.Header;
import dev.weir.config.HealthCheckConfig.HttpRequest;
import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.upstream.host.Host;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HexFormat;
import java.util.List;
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
    add(request.headersToAdd(), headers);
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
    add(grpc.metadata(), headers);
    return new HttpQuestion(
        "POST",
        "/grpc.health.v1.Health/Check",
        CheckAddress.name(host, grpc.authority(), cluster),
        headers,
        Payloads.constant(GrpcJudge.request(grpc.serviceName())),
        GrpcJudge::new);
  }

  /// What overwrites comes first, and all go by what was there before. A value that is appended to
  /// one of the check's own headers is joined to it with a comma; others stand for themselves.
  private static void add(List<Header> additions, HttpHeaders headers) {
    var before = headers.copy();
    for (var header : additions) {
      boolean present = before.contains(header.name());
      switch (header.action()) {
        case OVERWRITE_IF_EXISTS_OR_ADD -> set(headers, header.name(), header.value());
        case OVERWRITE_IF_EXISTS -> {
          if (present) {
            set(headers, header.name(), header.value());
          }
        }
        case APPEND_IF_EXISTS_OR_ADD, ADD_IF_ABSENT -> {}
      }
    }
    for (var header : additions) {
      boolean appends = header.action() == Action.APPEND_IF_EXISTS_OR_ADD;
      boolean fills = header.action() == Action.ADD_IF_ABSENT && !before.contains(header.name());
      if (appends || fills) {
        append(headers, header, before.contains(header.name()));
      }
    }
  }

  private static void append(HttpHeaders headers, Header header, boolean own) {
    if (own) {
      set(headers, header.name(), headers.get(header.name()) + "," + header.value());
    } else {
      headers.add(header.name().toLowerCase(Locale.ROOT), header.value());
    }
  }

  private static void set(HttpHeaders headers, String name, String value) {
    headers.set(name.toLowerCase(Locale.ROOT), value);
  }
}
