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
import dev.weir.upstream.http.ResetReason;
import dev.weir.upstream.http.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// The forwarding of one request: attempt by attempt, until a response begins, and then to its end.
/// It is itself the timer of all that. Its worker only.
final class Forwarding extends TimerWheel.Node {
  private final FilterStream stream;
  private final RequestFacts facts;
  private final RouterSettings settings;
  private final Way way;
  private final RequestCounts counts;
  private final ForwardingTimes times;
  private final BodyBuffer body = new BodyBuffer();
  private final Mirrors mirrors;
  private final boolean alternativeTimeout;
  private @Nullable AttemptMaker attempts;
  private @Nullable RetryState retry;
  private @Nullable UpstreamAttempt attempt;
  private @Nullable String setCookie;
  private int madeRetries;
  private boolean afterTimeout;
  private boolean followsRedirects;
  private boolean bodySent;
  private boolean responding;
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
    var headers = stream.requestHeaders();
    var rules = way.route.retry();
    var timing =
        RequestTiming.of(way.forward.timing(), rules == null ? null : rules.config(), headers);
    var maxStream = way.cluster.config().http().lifetime().maxStream();
    this.times = new ForwardingTimes(timing, maxStream.toMillis());
    this.counts = new RequestCounts(way.cluster, way.route, stream);
    this.mirrors = new Mirrors(way.clusters, stream, settings.self());
    this.followsRedirects = way.forward.handling().redirects() != null;
    this.alternativeTimeout = headers.getAndRemove(Names.TIMEOUT_ALT_RESPONSE) != null;
  }

  private long now() {
    return stream.connection().worker().now();
  }

  /// Prepares the head and makes the first attempt.
  void begin(Http2Headers headers, boolean end) {
    retry = RetryState.of(way, counts, headers);
    RetryState.strip(headers);
    var hash = RequestHash.of(way.forward.hash(), stream);
    setCookie = hash.setCookie();
    attempts = new AttemptMaker(stream, way, hash.hash(), this);
    var timing = times.timing();
    if (!settings.config().suppressHeaders() && timing.expected() > 0) {
      headers.set(Names.EXPECTED_TIMEOUT, Long.toString(timing.expected()));
    }
    way.route.editRequest(headers, stream.record(), way.choice.share());
    Rewrites.apply(headers, way.route, way.forward, way.choice.share());
    if (end) {
      body.end();
      requestEnded();
    }
    if (way.route.host().config().attemptCount().inRequest()) {
      headers.set(Names.ATTEMPT_COUNT, "1");
    }
    mirrors.begin(way.route.mirrors(), headers, end, timing.whole());
    attempt();
  }

  private void attempt() {
    times.retrying();
    var next = new UpstreamAttempt(way.cluster, now());
    attempt = next;
    if (retries() > 0) {
      sayAgain(stream.requestHeaders());
    }
    afterTimeout = false;
    stream.record().upstream().transportFailure(null);
    if (attempts != null) {
      attempts.make(next);
    }
    arm();
  }

  private void sayAgain(Http2Headers headers) {
    var said = way.route.host().config().attemptCount();
    if (said.inRequest()) {
      headers.set(Names.ATTEMPT_COUNT, Integer.toString(retries() + 1));
    }
    if (said.afterTimeout()) {
      headers.set(Names.IS_TIMEOUT_RETRY, Boolean.toString(afterTimeout));
    }
    long left = times.left(now());
    if (left >= 0 && headers.contains(Names.EXPECTED_TIMEOUT)) {
      headers.set(Names.EXPECTED_TIMEOUT, Long.toString(left));
    }
  }

  private int retries() {
    return retry == null ? madeRetries : retry.made();
  }

  // What comes from the client.

  void data(ByteBuf data, boolean end) {
    if (end) {
      requestEnded();
    }
    mirrors.data(data, end);
    var upstream = upstream();
    boolean keep = upstream == null || keepsBody();
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

  private boolean keepsBody() {
    return retry != null || followsRedirects;
  }

  /// More than may be kept: then there is no further attempt, or the client has to wait.
  private void limit(@Nullable UpstreamStream upstream) {
    long connection = stream.connection().bufferLimit();
    if (keepsBody() && body.bytes() > way.route.bufferLimit(connection)) {
      counts.countAtCluster("retry_or_shadow_abandoned");
      forgetRetries();
      followsRedirects = false;
      if (upstream != null) {
        body.release();
      }
    }
    if (upstream == null && body.bytes() > connection) {
      stream.readClient(false);
    }
  }

  private void forgetRetries() {
    if (retry != null) {
      madeRetries = retry.made();
      retry.end();
      retry = null;
    }
  }

  void trailers(Http2Headers trailers) {
    requestEnded();
    mirrors.trailers(trailers);
    body.trailers(trailers);
    var upstream = upstream();
    if (upstream != null) {
      upstream.sendTrailers(trailers);
      facts.upstreamRequestEnded(System.nanoTime());
    }
  }

  private void requestEnded() {
    times.requestEnded(now());
    if (attempt != null) {
      attempt.restart(now());
    }
    arm();
  }

  void flush() {
    mirrors.flush();
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
    made.ready(upstream, now());
    made.sent();
    counts.attempt();
    facts.upstreamProtocol(upstream.protocol());
    upstream.listener(new AttemptResponse(this, made));
    boolean headOnly = body.headOnly();
    upstream.sendHeaders(stream.requestHeaders(), headOnly);
    if (!headOnly && !made.isOver()) {
      body.sendTo(upstream, keepsBody());
    }
    bodySent = true;
    if (body.ended()) {
      facts.upstreamRequestEnded(System.nanoTime());
    }
    if (!made.isOver()) {
      upstream.flush();
      stream.readClient(true);
      arm();
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
    if (retry != null && retry.wants(reason, made.hasSent()) && again(null)) {
      return;
    }
    stream.record().flag(reason.flag());
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

  /// Sees to another attempt, if one is left.
  ///
  /// @param response what was answered; null if it was nothing
  private boolean again(@Nullable Http2Headers response) {
    if (retry == null) {
      return false;
    }
    switch (retry.take()) {
      case EXHAUSTED -> stream.record().flag(ResponseFlag.URX);
      case OVERFLOW -> stream.record().flag(ResponseFlag.UO);
      case TAKEN -> {
        long pause = response == null ? retry.pause() : retry.pause(response);
        times.retryAt(now() + Math.max(1, pause));
        arm();
        return true;
      }
    }
    return false;
  }

  /// Whether a response makes for another attempt, or another request.
  boolean retries(UpstreamAttempt made, Http2Headers headers, int status, boolean end) {
    if (retry != null && retry.wants(headers, status) && again(headers)) {
      counts.retried(status);
      leave(made, end);
      return true;
    }
    return followsRedirects && redirect(made, headers, status, end);
  }

  private boolean redirect(UpstreamAttempt made, Http2Headers headers, int status, boolean end) {
    var policy = way.forward.handling().redirects();
    if (policy == null || !policy.statuses().contains(status)) {
      return false;
    }
    var follow = new InternalRedirect(stream, settings.stats(), policy, way.route);
    if (!body.ended() || !follow.apply(headers, status)) {
      counts.countAtCluster("upstream_internal_redirect_failed_total");
      return false;
    }
    counts.countAtCluster("upstream_internal_redirect_succeeded_total");
    over = true;
    leave(made, end);
    facts.response(headers, status);
    if (follow.dropsBody()) {
      body.release();
    }
    stream.restart(body.take(), follow.dropsBody() ? null : body.trailers());
    return true;
  }

  private static void leave(UpstreamAttempt made, boolean end) {
    if (end) {
      made.end();
    } else {
      made.abandon();
    }
  }

  /// A response begins that goes to the client.
  void respond(UpstreamAttempt made, Http2Headers headers, int status, boolean end) {
    responding = true;
    times.responding();
    made.touch(now());
    if (retries() > 0 && status < 500) {
      counts.count("upstream_rq_retry_success");
    }
    forgetRetries();
    followsRedirects = false;
    if (bodySent) {
      body.release();
    }
    facts.upstreamResponded(System.nanoTime());
    facts.details("via_upstream");
    facts.response(headers, status);
    count(status);
    if ("true".contentEquals(headers.get(Names.CANARY, ""))) {
      counts.canary(status);
    }
    decorate(made, headers);
    if (end) {
      complete(made);
    }
    stream.respond(headers, end);
    arm();
  }

  private void decorate(UpstreamAttempt made, Http2Headers headers) {
    boolean plain = made.stream() instanceof TcpStream;
    boolean upgraded = facts.responseCode() == 101;
    if (!settings.config().suppressHeaders() && !plain && !upgraded) {
      headers.set(Names.SERVICE_TIME, Long.toString(times.since(made.started(), now())));
    }
    sayAttempts(headers);
    if (setCookie != null) {
      headers.add("set-cookie", setCookie);
    }
    way.route.editResponse(headers, stream.record(), way.choice.share());
    if (plain || upgraded) {
      times.unlimited();
    }
  }

  private void sayAttempts(Http2Headers headers) {
    if (way.route.host().config().attemptCount().inResponse()) {
      headers.set(Names.ATTEMPT_COUNT, Integer.toString(retries() + 1));
    }
  }

  /// The response is complete; what is left of the request is given up by [#destroy].
  void complete(UpstreamAttempt made) {
    if (times.isRequestEnded()) {
      counts.time(times.since(made.started(), now()));
      if (!(made.stream() instanceof TcpStream)) {
        made.end();
      }
    }
    times.unlimited();
  }

  /// A response has broken off.
  void brokenOff(ResponseFlag flag, String details) {
    stream.record().flag(flag);
    over = true;
    facts.replaceDetails(details);
    stream.abort(details);
  }

  private void count(int status) {
    if (!facts.isHealthCheck()) {
      counts.answered(status);
    }
  }

  private void answer(int status, String text, String details) {
    if (over) {
      return;
    }
    over = true;
    count(status);
    reply(status, text, details);
  }

  private void reply(int status, String text, String details) {
    var overloaded = stream.record().has(ResponseFlag.UO);
    stream.reply(
        LocalReply.of(status, text, details)
            .with(headers -> {
              if (overloaded && !settings.config().suppressHeaders()) {
                headers.set("x-envoy-overloaded", "true");
              }
              sayAttempts(headers);
            }));
  }

  FilterStream stream() {
    return stream;
  }

  boolean isOver() {
    return over;
  }

  /// Whether the client hears the response already.
  boolean isResponding() {
    return responding;
  }

  // Its times.

  private void arm() {
    if (!over) {
      stream.connection().worker().timers().arm(this, times.next(attempt));
    }
  }

  @Override
  protected void fire() {
    switch (times.due(attempt, now())) {
      case NOTHING -> {}
      case WHOLE -> {
        counts.count("upstream_rq_timeout");
        timedOut("response_timeout", false);
      }
      case RETRY -> attempt();
      case PER_TRY -> {
        counts.countAtCluster("upstream_rq_per_try_timeout");
        timedOut("upstream_per_try_timeout", true);
      }
      case PER_TRY_IDLE -> {
        counts.countAtCluster("upstream_rq_per_try_idle_timeout");
        timedOut("upstream_per_try_idle_timeout", true);
      }
      case MAX_STREAM -> tookTooLong();
    }
    arm();
  }

  private void abandon() {
    if (attempt != null) {
      if (attempt.host() != null) {
        attempt.host().monitor().connectTimedOut();
      }
      attempt.abandon();
    }
  }

  private void timedOut(String details, boolean mayRetry) {
    abandon();
    if (responding) {
      brokenOff(ResponseFlag.UT, details);
      return;
    }
    afterTimeout = true;
    if (mayRetry && retry != null && retry.wantsAfterTimeout() && again(null)) {
      return;
    }
    stream.record().flag(ResponseFlag.UT);
    int status = alternativeTimeout ? 204 : 504;
    answer(status, alternativeTimeout ? "" : "upstream request timeout", details);
  }

  private void tookTooLong() {
    var details = "upstream_max_stream_duration_reached";
    counts.countAtCluster("upstream_rq_max_duration_reached");
    if (attempt != null) {
      attempt.abandon();
    }
    if (responding) {
      brokenOff(ResponseFlag.UMSDR, details);
      return;
    }
    if (retry != null && retry.wants(ResetReason.LOCAL_RESET, true) && again(null)) {
      return;
    }
    stream.record().flag(ResponseFlag.UMSDR);
    over = true;
    reply(times.isRequestEnded() ? 504 : 408, "upstream max stream duration reached", details);
  }

  /// The request is over, however it ended.
  void destroy() {
    over = true;
    stream.connection().worker().timers().disarm(this);
    forgetRetries();
    if (attempt != null) {
      attempt.abandon();
    }
    mirrors.destroy(times.isRequestEnded());
    body.release();
  }
}
