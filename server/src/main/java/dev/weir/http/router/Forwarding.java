package dev.weir.http.router;

import dev.weir.config.http.RouteAction;
import dev.weir.http.Names;
import dev.weir.http.RequestFacts;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.filter.LocalReply;
import dev.weir.http.route.ClusterTargets;
import dev.weir.http.route.Route;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.transport.TimerWheel;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.http.CodeStats;
import dev.weir.upstream.http.ResetReason;
import dev.weir.upstream.http.StreamListener;
import dev.weir.upstream.http.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// The forwarding of one request: attempt by attempt, until a response begins, and then to its end.
/// It is itself the timer of all that. Its worker only.
final class Forwarding extends TimerWheel.Node {
  private static final long NEVER = TimerWheel.NEVER;

  private final FilterStream stream;
  private final RequestFacts facts;
  private final RouterSettings settings;
  private final Way way;
  private final BodyBuffer body = new BodyBuffer();
  private @Nullable AttemptMaker attempts;
  private @Nullable RetryState retry;
  private RequestTiming timing = new RequestTiming(0, 0, 0);
  private @Nullable UpstreamAttempt attempt;
  private @Nullable String setCookie;
  private long timeoutAt = NEVER;
  private long retryAt = NEVER;
  private long requestEnd;
  private boolean responding;
  private boolean bodySent;
  private boolean over;

  /// Where a request goes.
  record Way(
      Route route,
      RouteAction.Forward forward,
      ClusterTargets.Choice choice,
      Cluster cluster,
      Clusters clusters) {}

  Forwarding(FilterStream stream, RequestFacts facts, RouterSettings settings, Way way) {
    this.stream = stream;
    this.facts = facts;
    this.settings = settings;
    this.way = way;
  }

  private long now() {
    return stream.connection().worker().now();
  }

  /// Prepares the head and makes the first attempt.
  void begin(Http2Headers headers, boolean end) {
    var rules = way.route.retry();
    timing = RequestTiming.of(way.forward.timing(), rules == null ? null : rules.config(), headers);
    retry = RetryState.of(rules, headers);
    RetryState.strip(headers);
    var hash = RequestHash.of(way.forward.hash(), stream);
    setCookie = hash.setCookie();
    attempts = new AttemptMaker(stream, way, hash.hash(), this);
    if (!settings.config().suppressHeaders() && timing.expected() > 0) {
      headers.set(Names.EXPECTED_TIMEOUT, Long.toString(timing.expected()));
    }
    way.route.editRequest(headers, stream.record(), way.choice.share());
    Rewrites.apply(headers, way.route, way.forward, way.choice.share());
    if (end) {
      body.end();
      requestEnded();
    }
    attempt();
  }

  private void attempt() {
    retryAt = NEVER;
    var next = new UpstreamAttempt(way.cluster, now());
    attempt = next;
    var headers = stream.requestHeaders();
    if (way.route.host().config().attemptCount().inRequest()) {
      headers.set(Names.ATTEMPT_COUNT, Integer.toString(retries() + 1));
    }
    if (retries() > 0 && timeoutAt != NEVER && headers.contains(Names.EXPECTED_TIMEOUT)) {
      headers.set(Names.EXPECTED_TIMEOUT, Long.toString(Math.max(1, timeoutAt - now())));
    }
    if (attempts != null) {
      attempts.make(next);
    }
    arm();
  }

  private int retries() {
    return retry == null ? 0 : retry.made();
  }

  // What comes from the client.

  void data(ByteBuf data, boolean end) {
    if (end) {
      requestEnded();
    }
    var upstream = upstream();
    boolean keep = upstream == null || retry != null;
    if (upstream != null && !over) {
      upstream.sendData(keep ? data.retainedDuplicate() : data, end);
      if (end) {
        facts.upstreamRequestEnded(System.nanoTime());
      }
    }
    if (keep) {
      body.add(data, end);
      limit(upstream);
    }
    if (upstream != null && !end && !upstream.isWritable()) {
      stream.readClient(false);
    }
  }

  /// More than may be kept: then there is no further attempt, or the client has to wait.
  private void limit(@Nullable UpstreamStream upstream) {
    if (body.bytes() <= stream.connection().bufferLimit()) {
      return;
    }
    if (upstream == null) {
      stream.readClient(false);
    } else {
      way.cluster.stats().scope().counter("retry_or_shadow_abandoned").increment();
      retry = null;
      body.release();
    }
  }

  void trailers(Http2Headers trailers) {
    requestEnded();
    body.trailers(trailers);
    var upstream = upstream();
    if (upstream != null) {
      upstream.sendTrailers(trailers);
      facts.upstreamRequestEnded(System.nanoTime());
    }
  }

  private void requestEnded() {
    requestEnd = now();
    if (timing.whole() > 0 && !responding) {
      timeoutAt = requestEnd + timing.whole();
    }
    if (attempt != null) {
      attempt.restart(requestEnd);
    }
    arm();
  }

  void flush() {
    var upstream = upstream();
    if (upstream != null) {
      upstream.flush();
    }
  }

  void clientWritable(boolean writable) {
    var upstream = upstream();
    if (upstream != null) {
      upstream.read(writable);
    }
  }

  private @Nullable UpstreamStream upstream() {
    return attempt == null || attempt.isOver() ? null : attempt.stream();
  }

  // What comes of an attempt.

  /// There is no host.
  void noHost() {
    stream.record().upstream().attemptWithoutHost();
    stream.record().flag(ResponseFlag.UH);
    answer(503, "no healthy upstream", "no_healthy_upstream");
  }

  /// It has a stream: the request goes out.
  void ready(UpstreamAttempt made, UpstreamStream upstream) {
    made.ready(upstream);
    made.sent();
    facts.upstreamProtocol(upstream.protocol());
    var heard = new Response(made);
    upstream.listener(heard);
    boolean headOnly = body.headOnly();
    upstream.sendHeaders(stream.requestHeaders(), headOnly);
    if (!headOnly && !made.isOver()) {
      sendBody(upstream);
    }
    bodySent = true;
    if (body.ended()) {
      facts.upstreamRequestEnded(System.nanoTime());
    }
    if (!made.isOver()) {
      upstream.flush();
      stream.readClient(true);
    }
  }

  private void sendBody(UpstreamStream upstream) {
    var pieces = body.pieces();
    boolean keep = retry != null;
    var trailers = body.trailers();
    for (int i = 0; i < pieces.size(); i++) {
      var piece = pieces.get(i);
      boolean last = i == pieces.size() - 1 && body.ended() && trailers == null;
      upstream.sendData(keep ? piece.retainedDuplicate() : piece, last);
    }
    if (!keep) {
      body.clear();
    }
    if (trailers != null) {
      upstream.sendTrailers(trailers);
    }
  }

  /// It has failed, before a response.
  ///
  /// @param detail why the transport failed; null if that is not known
  void failed(UpstreamAttempt made, ResetReason reason, @Nullable String detail) {
    made.end();
    if (over) {
      return;
    }
    if (retry != null && retry.wants(reason, made.hasSent()) && again()) {
      return;
    }
    var flag = flag(reason);
    stream.record().flag(flag);
    int status = reason == ResetReason.PROTOCOL_ERROR ? 502 : 503;
    var text =
        "upstream connect error or disconnect/reset before headers. "
            + (retries() > 0 ? "retried and the latest reset reason: " : "reset reason: ")
            + reason.text();
    var details =
        "upstream_reset_before_response_started{"
            + reason.text()
            + (detail == null || detail.isEmpty() ? "" : "|" + detail)
            + "}";
    answer(status, text, details);
  }

  static ResponseFlag flag(ResetReason reason) {
    return switch (reason) {
      case LOCAL_RESET, LOCAL_REFUSED_STREAM_RESET -> ResponseFlag.LR;
      case REMOTE_RESET, REMOTE_REFUSED_STREAM_RESET, CONNECT_ERROR -> ResponseFlag.UR;
      case LOCAL_CONNECTION_FAILURE, REMOTE_CONNECTION_FAILURE, CONNECTION_TIMEOUT ->
          ResponseFlag.UF;
      case CONNECTION_TERMINATION -> ResponseFlag.UC;
      case OVERFLOW -> ResponseFlag.UO;
      case PROTOCOL_ERROR -> ResponseFlag.UPE;
    };
  }

  /// Sees to another attempt, if one is left.
  private boolean again() {
    var scope = way.cluster.stats().scope();
    if (retry == null || !retry.take()) {
      scope.counter("upstream_rq_retry_limit_exceeded").increment();
      stream.record().flag(ResponseFlag.URX);
      return false;
    }
    scope.counter("upstream_rq_retry").increment();
    scope.counter("upstream_rq_retry_backoff_exponential").increment();
    retryAt = now() + Math.max(1, retry.pause());
    arm();
    return true;
  }

  private void answer(int status, String text, String details) {
    if (over) {
      return;
    }
    over = true;
    count(status);
    var overloaded = stream.record().has(ResponseFlag.UO);
    stream.reply(
        LocalReply.of(status, text, details)
            .with(headers -> {
              if (overloaded && !settings.config().suppressHeaders()) {
                headers.set("x-envoy-overloaded", "true");
              }
            }));
  }

  private void count(int status) {
    boolean internal = stream.requestHeaders().contains(Names.INTERNAL);
    CodeStats.count(way.cluster.stats().scope(), status, internal);
    RouteStats.count(way.route, stream, status);
  }

  /// Hears of the response to one attempt.
  private final class Response implements StreamListener {
    private final UpstreamAttempt made;

    Response(UpstreamAttempt made) {
      this.made = made;
    }

    @Override
    public void onInformational(Http2Headers headers) {
      if (!over && !made.isOver()) {
        stream.respondInformational(headers);
      }
    }

    @Override
    public void onHeaders(Http2Headers headers, boolean end) {
      if (made.isOver()) {
        return;
      }
      int status = Integer.parseInt(String.valueOf(headers.status()));
      judge(headers, status);
      if (retry != null && retry.wants(headers, status) && again()) {
        CodeStats.countRetried(way.cluster.stats().scope(), status);
        if (end) {
          made.end();
        } else {
          made.abandon();
        }
        return;
      }
      begin(headers, status, end);
    }

    /// Notes what the answer says of its host.
    private void judge(Http2Headers headers, int status) {
      var host = made.host();
      if (host != null) {
        host.monitor().answered(status);
        if (headers.contains("x-envoy-degraded")) {
          host.monitor().degraded();
        }
        if (headers.contains("x-envoy-immediate-health-check-fail")) {
          host.failNow();
        }
      }
    }

    private void begin(Http2Headers headers, int status, boolean end) {
      responding = true;
      made.touch(now());
      if (retries() > 0 && status < 500) {
        way.cluster.stats().scope().counter("upstream_rq_retry_success").increment();
      }
      retry = null;
      if (bodySent) {
        body.release();
      }
      facts.upstreamResponded(System.nanoTime());
      facts.details("via_upstream");
      facts.response(headers, status);
      count(status);
      decorate(headers);
      if (end) {
        complete();
      }
      stream.respond(headers, end);
    }

    private void decorate(Http2Headers headers) {
      boolean plain = made.stream() instanceof TcpStream;
      boolean upgraded = facts.responseCode() == 101;
      if (!settings.config().suppressHeaders() && !plain && !upgraded) {
        long millis = Math.max(0, now() - (requestEnd == 0 ? made.started() : requestEnd));
        headers.set(Names.SERVICE_TIME, Long.toString(millis));
      }
      if (way.route.host().config().attemptCount().inResponse()) {
        headers.set(Names.ATTEMPT_COUNT, Integer.toString(retries() + 1));
      }
      if (setCookie != null) {
        headers.add("set-cookie", setCookie);
      }
      way.route.editResponse(headers, stream.record(), way.choice.share());
      if (plain || upgraded) {
        timeoutAt = NEVER;
      }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
      if (over || made.isOver()) {
        data.release();
        return;
      }
      made.touch(now());
      if (end) {
        complete();
      }
      stream.respondData(data, end);
      if (!end && !stream.clientWritable() && made.stream() != null) {
        made.stream().read(false);
      }
    }

    @Override
    public void onTrailers(Http2Headers trailers) {
      if (!over && !made.isOver()) {
        complete();
        stream.respondTrailers(trailers);
      }
    }

    /// The response is complete; what is left of the request is given up by [#destroy].
    private void complete() {
      if (requestEnd != 0) {
        boolean internal = stream.requestHeaders().contains(Names.INTERNAL);
        CodeStats.time(way.cluster.stats().scope(), now() - requestEnd, internal);
        if (!(made.stream() instanceof TcpStream)) {
          made.end();
        }
      }
      timeoutAt = NEVER;
    }

    @Override
    public void onReadComplete() {
      stream.flushResponse();
    }

    @Override
    public void onWritable(boolean writable) {
      if (!over && !made.isOver()) {
        stream.touch();
        stream.readClient(writable);
      }
    }

    @Override
    public void onReset(ResetReason reason) {
      if (made.isOver()) {
        return;
      }
      if (!responding) {
        if (made.host() != null) {
          made.host().monitor().connectFailed();
        }
        failed(made, reason, null);
        return;
      }
      made.end();
      stream.record().flag(flag(reason));
      over = true;
      facts.replaceDetails("upstream_reset_after_response_started{" + reason.text() + "}");
      stream.abort("upstream_reset_after_response_started{" + reason.text() + "}");
    }
  }

  // Its times.

  private void arm() {
    if (!over) {
      stream.connection().worker().timers().arm(this, nextDeadline());
    }
  }

  private long nextDeadline() {
    return Math.min(Math.min(timeoutAt, retryAt), Math.min(perTryUntil(), perTryIdleUntil()));
  }

  private long perTryUntil() {
    boolean counts = timing.perTry() > 0 && !responding && requestEnd != 0;
    return counts && attempt != null && !attempt.isOver()
        ? attempt.started() + timing.perTry()
        : NEVER;
  }

  private long perTryIdleUntil() {
    boolean counts = timing.perTryIdle() > 0 && requestEnd != 0;
    return counts && attempt != null && !attempt.isOver()
        ? attempt.lastActive() + timing.perTryIdle()
        : NEVER;
  }

  @Override
  protected void fire() {
    long now = now();
    if (timeoutAt <= now) {
      timeoutAt = NEVER;
      timedOut("upstream_rq_timeout", "response_timeout", false);
    } else if (retryAt <= now) {
      attempt();
    } else if (perTryUntil() <= now) {
      timedOut("upstream_rq_per_try_timeout", "upstream_per_try_timeout", true);
    } else if (perTryIdleUntil() <= now) {
      timedOut("upstream_rq_per_try_idle_timeout", "upstream_per_try_idle_timeout", true);
    }
    arm();
  }

  private void timedOut(String counter, String details, boolean mayRetry) {
    way.cluster.stats().scope().counter(counter).increment();
    if (attempt != null) {
      if (attempt.host() != null) {
        attempt.host().monitor().connectTimedOut();
      }
      attempt.abandon();
    }
    if (responding) {
      stream.record().flag(ResponseFlag.UT);
      over = true;
      stream.abort(details);
      return;
    }
    if (mayRetry && retry != null && retry.wantsAfterTimeout() && again()) {
      return;
    }
    stream.record().flag(ResponseFlag.UT);
    answer(504, "upstream request timeout", details);
  }

  /// The request is over, however it ended.
  void destroy() {
    over = true;
    stream.connection().worker().timers().disarm(this);
    if (attempt != null) {
      attempt.abandon();
    }
    body.release();
  }
}
