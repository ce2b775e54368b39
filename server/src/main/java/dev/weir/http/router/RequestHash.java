package dev.weir.http.router;

import dev.weir.config.http.RouteAction.HashRule;
import dev.weir.config.http.RouteAction.HashRule.Source;
import dev.weir.connection.ConnectionInfo;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.route.Cookies;
import dev.weir.http.route.HeaderText;
import dev.weir.http.route.PathText;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.upstream.balance.Hashes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The hash of a request, by which a host is chosen: what each rule yields, mixed. Its worker only.
///
/// @param hash null if no rule yields anything
/// @param setCookie the cookie to give the client, so that it comes back to the same host; null for
///   none
record RequestHash(@Nullable Long hash, @Nullable String setCookie) {
  static RequestHash of(List<HashRule> rules, FilterStream stream) {
    Long hash = null;
    String made = null;
    for (var rule : rules) {
      Long next = null;
      if (rule.source() instanceof Source.Cookie cookie) {
        var value = Cookies.value(stream.requestHeaders(), cookie.name());
        if (value == null && cookie.ttl() != null) {
          value = generated(stream);
          made = setCookie(cookie, value);
        }
        next = value == null ? null : (Long) Hashes.xx64(value);
      } else {
        next = hash(rule.source(), stream);
      }
      if (next != null) {
        // Rotated, so that two rules that yield the same do not cancel each other out.
        hash = hash == null ? next : (Long) (Long.rotateLeft(hash, 1) ^ next);
      }
      if (rule.terminal() && hash != null) {
        break;
      }
    }
    return new RequestHash(hash, made);
  }

  private static @Nullable Long hash(Source source, FilterStream stream) {
    if (source instanceof Source.Header header) {
      var values = values(header, stream.requestHeaders());
      return values.isEmpty() ? null : (Long) Hashes.xx64(values);
    }
    var text = text(source, stream);
    return text == null ? null : (Long) Hashes.xx64(text);
  }

  /// The values of a header, in the same order whatever order they come in.
  private static List<String> values(Source.Header header, Http2Headers headers) {
    var values = new ArrayList<String>(1);
    for (var value : headers.getAll(HeaderText.name(header.name()))) {
      var text = value.toString();
      var pattern = header.pattern();
      values.add(pattern == null ? text : pattern.matcher(text).replaceAll(header.substitution()));
    }
    Collections.sort(values);
    return values;
  }

  private static @Nullable String text(Source source, FilterStream stream) {
    ConnectionRecord record = stream.record();
    return switch (source) {
      case Source.SourceIp() -> {
        var address = record.remoteAddress();
        var ip = address == null ? null : ConnectionInfo.ip(address);
        yield ip == null ? null : NetUtil.toAddressString(ip);
      }
      case Source.QueryParameter(var name) -> {
        var path = stream.requestHeaders().path();
        yield path == null ? null : PathText.of(path.toString()).parameter(name);
      }
      case Source.FilterState(var key) -> {
        var value = record.filterState(key);
        yield value == null ? null : value.toString();
      }
      case Source.Cookie _, Source.Header _ -> null;
    };
  }

  private static String generated(FilterStream stream) {
    var info = stream.connection().info();
    long hash = Hashes.xx64(info.remoteAddress() + "" + info.localAddress());
    return "%016x".formatted(hash);
  }

  private static String setCookie(Source.Cookie cookie, String value) {
    var text = new StringBuilder(cookie.name()).append("=\"").append(value).append('"');
    if (cookie.ttl() != null && !cookie.ttl().isZero()) {
      text.append("; Max-Age=").append(cookie.ttl().toSeconds());
    }
    if (!cookie.path().isEmpty()) {
      text.append("; Path=").append(cookie.path());
    }
    cookie
        .attributes()
        .forEach((key, attribute) -> {
          text.append("; ").append(key);
          if (!attribute.isEmpty()) {
            text.append('=').append(attribute);
          }
        });
    return text.append("; HttpOnly").toString();
  }
}
