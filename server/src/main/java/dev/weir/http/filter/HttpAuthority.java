package dev.weir.http.filter;

import dev.weir.config.AuthzAnswer;
import dev.weir.config.AuthzAnswer.Header;
import dev.weir.config.AuthzAnswer.Way;
import dev.weir.config.MetadataValue;
import dev.weir.config.TextMatch;
import dev.weir.config.http.HttpExtAuthzConfig.Answers;
import dev.weir.config.http.HttpExtAuthzConfig.Service;
import dev.weir.connection.filter.DecisionServices;
import dev.weir.http.Names;
import dev.weir.http.route.HeaderEdits;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.transport.Worker;
import dev.weir.upstream.call.HttpAnswer;
import dev.weir.upstream.call.HttpCall;
import dev.weir.xds.decision.CheckQuestion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An authorization service that is sent a request like the one that it is about, and answers 200
/// if that may go on. Immutable; any worker.
final class HttpAuthority implements Authority {
  private static final String TO_REMOVE = "x-envoy-auth-headers-to-remove";
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /// What a refused client is shown beside what is allowed, where anything is.
  private static final List<String> SHOWN =
      List.of(":status", "content-length", "www-authenticate", "location");

  private final Service.Http config;
  private final DecisionServices services;
  private final HeaderEdits add;

  HttpAuthority(Service.Http config, DecisionServices services) {
    this.config = config;
    this.services = services;
    this.add = HeaderEdits.of(config.add());
  }

  @Override
  public HttpCall ask(
      Worker worker,
      CheckQuestion question,
      ConnectionRecord record,
      Consumer<@Nullable AuthzAnswer> then) {
    var about = question.request();
    var body = about == null || about.body() == null ? NOTHING : about.body().bytes();
    var request =
        new HttpCall.Request(
            config.cluster(), headers(about, body, record), body, config.timeout());
    long asked = worker.now();
    return HttpCall.start(
        worker,
        services.clusters(),
        request,
        answer -> {
          if (answer instanceof HttpAnswer.Response response) {
            // Every answer of an upstream's has it, and so may this one's, where it is shown.
            response.headers().set(Names.SERVICE_TIME, Long.toString(worker.now() - asked));
          }
          then.accept(read(answer));
        });
  }

  private Http2Headers headers(
      CheckQuestion.@Nullable Request about, ByteBuffer body, ConnectionRecord record) {
    var headers = new DefaultHttp2Headers(false).scheme("http").method("GET").path("/");
    headers.set(Names.CONTENT_LENGTH, Integer.toString(body.remaining()));
    if (about != null) {
      for (var header : about.headers().list()) {
        switch (header.name()) {
          case ":path" -> headers.path(path(header.value()));
          case ":method", ":authority", ":scheme" -> headers.set(header.name(), header.value());
          case "content-length" -> {} // is that of the question
          default -> headers.add(header.name(), header.value());
        }
      }
    }
    add.apply(headers, record);
    headers.set("x-envoy-internal", "true");
    if (!config.timeout().isZero()) {
      headers.set(Names.EXPECTED_TIMEOUT, Long.toString(config.timeout().toMillis()));
    }
    return headers;
  }

  private String path(String original) {
    return config.path().isEmpty() ? config.pathPrefix() + original : config.path();
  }

  private @Nullable AuthzAnswer read(HttpAnswer answer) {
    if (!(answer instanceof HttpAnswer.Response response) || response.status() / 100 % 5 == 0) {
      return null; // none, or a 5xx
    }
    var answers = config.answers();
    var headers = headers(response.headers());
    if (response.status() == 200) {
      return allowed(headers, answers);
    }
    var body = StandardCharsets.UTF_8.decode(response.body().slice()).toString();
    return new AuthzAnswer.Denied(
        new AuthzAnswer.Refusal(response.status(), shown(headers, answers.refused()), body),
        Map.of());
  }

  private static AuthzAnswer allowed(List<Header> headers, Answers answers) {
    var request = new ArrayList<Header>();
    var response = new ArrayList<Header>();
    var remove = new ArrayList<String>();
    var noted = new HashMap<String, MetadataValue>();
    for (var header : headers) {
      if (header.name().equals(TO_REMOVE)) {
        for (var name : header.value().split(",", -1)) {
          remove.add(name.strip().toLowerCase(Locale.ROOT));
        }
        continue;
      }
      if (fits(answers.toUpstream(), header)) {
        request.add(header);
      }
      if (fits(answers.appended(), header)) {
        request.add(new Header(header.name(), header.value(), Way.ADD));
      }
      if (fits(answers.allowed(), header)) {
        response.add(new Header(header.name(), header.value(), Way.ADD));
      }
      if (fits(answers.noted(), header)) {
        noted.put(header.name(), new MetadataValue.Text(header.value()));
      }
    }
    return new AuthzAnswer.Allowed(
        new AuthzAnswer.Edits(request, remove, List.of(), List.of()), response, noted);
  }

  private static List<Header> shown(List<Header> headers, List<TextMatch> allowed) {
    return headers.stream()
        .filter(header ->
            allowed.isEmpty()
                ? !header.name().equals(":authority")
                : SHOWN.contains(header.name()) || fits(allowed, header))
        .toList();
  }

  private static boolean fits(List<TextMatch> matches, Header header) {
    for (var match : matches) {
      if (match.test(header.name())) {
        return true;
      }
    }
    return false;
  }

  private static List<Header> headers(Http2Headers wire) {
    var headers = new ArrayList<Header>(wire.size());
    for (var header : wire) {
      headers.add(new Header(header.getKey().toString(), header.getValue().toString(), Way.SET));
    }
    return headers;
  }
}
