package dev.weir.http.router;

import dev.weir.http.GrpcTimeout;
import dev.weir.http.Names;
import dev.weir.http.RequestFacts;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.filter.LocalReply;
import dev.weir.telemetry.ResponseFlag;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// What the client of one request is answered: what is added to a host's response, and our own
/// answers where there is none. Its worker only.
final class Answers {
  private final FilterStream stream;
  private final RequestFacts facts;
  private final Forwarding.Way way;
  private final RequestCounts counts;
  private final Repeats repeats;
  private final boolean suppressed;
  private @Nullable String setCookie;

  /// @param suppressed whether nothing is said by `x-envoy-…` headers
  Answers(
      FilterStream stream,
      RequestFacts facts,
      Forwarding.Way way,
      RequestCounts counts,
      Repeats repeats,
      boolean suppressed) {
    this.stream = stream;
    this.facts = facts;
    this.way = way;
    this.counts = counts;
    this.repeats = repeats;
    this.suppressed = suppressed;
  }

  /// A cookie for the client, so that it comes back to the same host; null for none.
  void setCookie(@Nullable String cookie) {
    setCookie = cookie;
  }

  /// Notes that a host's response begins.
  void begin(UpstreamAttempt made, Http2Headers headers, int status) {
    facts.upstreamResponded(System.nanoTime());
    facts.details("via_upstream");
    facts.response(headers, status);
    count(status, made, "true".contentEquals(headers.get(Names.CANARY, "")));
    made.succeeds(status, GrpcTimeout.isGrpc(stream.requestHeaders()));
  }

  /// Notes what a host says before its response.
  void informational(UpstreamAttempt made, int status) {
    count(status, made, false);
  }

  private void count(int status, @Nullable UpstreamAttempt made, boolean canary) {
    if (!facts.isHealthCheck()) {
      counts.answered(status, made == null ? null : made.host(), canary);
    }
  }

  /// Adds to a host's response what is to be added.
  ///
  /// @param serviceTime how long the host took, in milliseconds; negative if that is not said
  void decorate(Http2Headers headers, long serviceTime) {
    if (!suppressed && serviceTime >= 0) {
      headers.set(Names.SERVICE_TIME, Long.toString(serviceTime));
    }
    sayAttempts(headers);
    if (setCookie != null) {
      headers.add("set-cookie", setCookie);
    }
    way.route().editResponse(headers, stream.record(), way.choice().share());
  }

  private void sayAttempts(Http2Headers headers) {
    if (way.route().host().config().attemptCount().inResponse()) {
      headers.set(Names.ATTEMPT_COUNT, Integer.toString(repeats.made() + 1));
    }
  }

  /// Notes that an attempt will not be answered.
  ///
  /// @param made null if it was given no host
  /// @param status what the client may hear of it
  void failed(int status, @Nullable UpstreamAttempt made) {
    count(status, made, false);
    if (made != null && status < 500) {
      made.failed();
    }
  }

  /// Answers in the host's stead.
  void reply(int status, String text, String details) {
    boolean overloaded = stream.record().has(ResponseFlag.UO);
    stream.reply(
        LocalReply.of(status, text, details)
            .with(headers -> {
              if (overloaded && !suppressed) {
                headers.set("x-envoy-overloaded", "true");
              }
              sayAttempts(headers);
            }));
  }

  /// A response has broken off that the client hears already.
  void breakOff(ResponseFlag flag, String details) {
    stream.record().flag(flag);
    facts.replaceDetails(details);
    stream.abort(details);
  }
}
