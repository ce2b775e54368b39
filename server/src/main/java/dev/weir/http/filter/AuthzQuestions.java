package dev.weir.http.filter;

import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import dev.weir.config.TextMatch;
import dev.weir.config.http.HttpExtAuthzConfig.Headers;
import dev.weir.config.http.HttpExtAuthzConfig.Told;
import dev.weir.connection.filter.ConnectionEnds;
import dev.weir.xds.decision.CheckQuestion;
import dev.weir.xds.decision.CheckQuestion.Body;
import dev.weir.xds.decision.CheckQuestion.Header;
import dev.weir.xds.decision.CheckQuestion.Request;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the questions that an authorization service is asked about requests. Immutable; any
/// worker.
///
/// @param labels of this gateway
record AuthzQuestions(Told told, Map<String, String> labels) {
  private static final String PARTIAL = "x-envoy-auth-partial-body";

  /// How much of a body is told.
  ///
  /// @param partial whether there is more
  record Beginning(Body body, boolean partial) {}

  /// The question about a request.
  ///
  /// @param extensions what its route tells the service
  /// @param body null for none
  CheckQuestion of(FilterStream stream, Map<String, String> extensions, @Nullable Beginning body) {
    var info = stream.connection().info();
    var route = stream.route();
    var headers = stream.requestHeaders();
    var service = headers.get("x-envoy-downstream-service-cluster");
    return new CheckQuestion(
        ConnectionEnds.source(info, service == null ? "" : service.toString(), told.certificate()),
        ConnectionEnds.destination(info, "", labels),
        request(stream, headers, body),
        extensions,
        metadata(stream),
        route == null ? Map.of() : metadata(route.config().metadata()),
        told.tlsSession() ? info.serverName() : null);
  }

  private Request request(
      FilterStream stream, Http2Headers headers, @Nullable Beginning beginning) {
    return new Request(
        stream.record().startMicros(),
        Long.toUnsignedString(stream.random()),
        text(headers.method()),
        text(headers.path()),
        text(headers.authority()),
        text(headers.scheme()),
        stream.protocol().text(),
        stream.record().bytesReceived(),
        new CheckQuestion.Headers(list(headers, beginning), told.headers().raw()),
        beginning == null ? null : beginning.body());
  }

  private static String text(@Nullable CharSequence value) {
    return value == null ? "" : value.toString();
  }

  private List<Header> list(Http2Headers headers, @Nullable Beginning beginning) {
    var list = new ArrayList<Header>(headers.size());
    for (var header : headers) {
      var name = header.getKey().toString();
      if (!name.equals(PARTIAL) && isTold(told.headers(), name)) {
        list.add(new Header(name, header.getValue().toString()));
      }
    }
    if (beginning != null) {
      list.add(new Header(PARTIAL, Boolean.toString(beginning.partial())));
    }
    return list;
  }

  private static boolean isTold(Headers which, String name) {
    var allowed = which.allowed();
    return !fits(which.refused(), name) && (allowed == null || fits(allowed, name));
  }

  private static boolean fits(List<TextMatch> matches, String name) {
    for (var match : matches) {
      if (match.test(name)) {
        return true;
      }
    }
    return false;
  }

  /// Dynamic metadata of the request, or else of its connection.
  private Map<String, Map<String, @Nullable Object>> metadata(FilterStream stream) {
    var found = new HashMap<String, Map<String, @Nullable Object>>();
    for (var namespace : told.namespaces()) {
      var values = stream.record().metadata(namespace);
      if (values.isEmpty()) {
        values = stream.connection().record().metadata(namespace);
      }
      if (!values.isEmpty()) {
        found.put(namespace, MetadataValue.plain(values));
      }
    }
    return found;
  }

  private Map<String, Map<String, @Nullable Object>> metadata(Metadata route) {
    var found = new HashMap<String, Map<String, @Nullable Object>>();
    for (var namespace : told.routeNamespaces()) {
      var values = route.in(namespace);
      if (!values.isEmpty()) {
        found.put(namespace, MetadataValue.plain(values));
      }
    }
    return found;
  }
}
