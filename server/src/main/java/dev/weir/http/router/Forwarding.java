package dev.weir.http.router;

import dev.weir.config.http.RouteAction;
import dev.weir.http.HttpStats;
import dev.weir.http.Names;
import dev.weir.http.RequestFacts;
import dev.weir.http.filter.FilterStream;
import dev.weir.http.route.ClusterTargets;
import dev.weir.http.route.Route;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.Clusters;
import dev.weir.upstream.http.ResetReason;
import dev.weir.upstream.http.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// The forwarding of one request: attempt by attempt, until a response begins, and then to its end.
/// Its worker only.
final class Forwarding {
  private final FilterStream stream;
  private final RequestFacts facts;
  private final RouterSettings settings;
  private final Way way;
  private final RequestCounts counts;
  private final ForwardingTimes times;
  private final Repeats repeats;
  private final Mirrors mirrors;
  private final RequestFlow flow;
  private final Answers answers;
  private final OpenAttempts attempts = new OpenAttempts();
  private final Timeouts timeouts;
  private @Nullable AttemptMaker maker;
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
    var timing = RequestTiming.of(way.forward.timing(), way.route, headers);
    var maxStream = way.cluster.config().http().lifetime().maxStream();
    this.times = new ForwardingTimes(timing, maxStream.toMillis());
    this.counts = new RequestCounts(way.cluster, way.route, stream);
    this.repeats = new Repeats(stream, way, times);
    this.mirrors = new Mirrors(way.clusters, stream, settings.self());
    long limit = way.route.bufferLimit(stream.connection().bufferLimit());
    this.flow = new RequestFlow(stream, facts, repeats, counts, mirrors, limit);
    boolean suppressed = settings.config().suppressHeaders();
    this.answers = new Answers(stream, facts, way, counts, repeats, suppressed);
    boolean alternative = headers.getAndRemove(Names.TIMEOUT_ALT_RESPONSE) != null;
    this.timeouts = new Timeouts(this, times, attempts, counts, answers, alternative);
  }

  /// In milliseconds of the worker's clock.
  long now() {
    return stream.connection().worker().now();
  }

  /// Prepares the head and makes the first attempt.
  void begin(Http2Headers headers, boolean end) {
    repeats.begin(counts, headers);
    var hash = RequestHash.of(way.forward.hash(), stream);
    answers.setCookie(hash.setCookie());
    maker = new AttemptMaker(stream, way, hash.hash(), this);
    var timing = times.timing();
    boolean tell = !settings.config().suppressHeaders();
    if (tell && timing.expected() > 0) {
      headers.set(Names.EXPECTED_TIMEOUT, Long.toString(timing.expected()));
    }
    way.route.editRequest(headers, stream.record(), way.choice.share());
    Rewrites.apply(headers, way.route, way.forward, way.choice.share(), tell);
    if (end) {
      flow.end();
      requestEnded();
    }
    repeats.count(headers);
    mirrors.begin(way.route.mirrors(), headers, end, timing.whole());
    attempt();
  }

  /// Makes an attempt.
  void attempt() {
    times.retrying();
    var next = new UpstreamAttempt(way.cluster, now());
    attempts.begin(next);
    repeats.next(stream.requestHeaders(), now());
    stream.record().upstream().transportFailure(null);
    if (maker != null) {
      maker.make(next);
    }
    timeouts.arm();
  }

  // What comes from the client.

  void data(ByteBuf data, boolean end) {
    if (end) {
      requestEnded();
    }
    flow.data(upstream(), data, end);
  }

  void trailers(Http2Headers trailers) {
    requestEnded();
    flow.trailers(upstream(), trailers);
  }

  private void requestEnded() {
    times.requestEnded(now());
    if (attempts.newest() != null) {
      attempts.newest().restart(now());
    }
    timeouts.arm();
  }

  void flush() {
    flow.flush(upstream());
  }

  void clientWritable(boolean writable) {
    var upstream = upstream();
    if (upstream != null) {
      upstream.read(writable);
    }
  }

  private @Nullable UpstreamStream upstream() {
    var attempt = attempts.newest();
    return over || attempt == null || attempt.isOver() ? null : attempt.stream();
  }

  // What comes of an attempt.

  /// There is no host.
  void noHost() {
    stream.record().upstream().attemptWithoutHost();
    stream.record().flag(ResponseFlag.UH);
    if (!over) {
      answers.failed(503, null);
    }
    answer(503, "no healthy upstream", "no_healthy_upstream");
  }

  /// It has a stream: the request goes out.
  void ready(UpstreamAttempt made, UpstreamStream upstream) {
    made.ready(upstream, now());
    made.sent();
    counts.attempt();
    if (!(upstream instanceof TcpStream)) {
      facts.upstreamProtocol(upstream.protocol());
    }
    upstream.listener(new AttemptResponse(this, made));
    flow.sendTo(upstream, made);
    if (!made.isOver()) {
      upstream.flush();
      stream.readClient(true);
      timeouts.arm();
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
    if (!made.isHedged() && again(repeats.wants(reason, made.hasSent()), null)) {
      made.failed();
      return;
    }
    int status = reason == ResetReason.PROTOCOL_ERROR ? 502 : 503;
    answers.failed(status, made);
    if (othersMayAnswer(made)) {
      return;
    }
    stream.record().flag(reason.flag());
    var text =
        "upstream connect error or disconnect/reset before headers. "
            + (repeats.made() > 0 ? "retried and the latest reset reason: " : "reset reason: ")
            + reason.text();
    var details =
        "upstream_reset_before_response_started{"
            + reason.text()
            + (detail == null || detail.isEmpty() ? "" : "|" + detail)
            + "}";
    answer(status, text, details);
  }

  /// Sees to another attempt, if one is wanted and left.
  ///
  /// @param response what was answered; null if it was nothing
  boolean again(boolean wanted, @Nullable Http2Headers response) {
    boolean taken = repeats.take(wanted, response, now());
    if (taken) {
      timeouts.arm();
    }
    return taken;
  }

  private boolean othersMayAnswer(UpstreamAttempt than) {
    return attempts.others(than) || times.isRetrying();
  }

  /// Whether a response is not for the client: there will be another attempt or request, or another
  /// attempt may still be answered.
  boolean passesOver(UpstreamAttempt made, Http2Headers headers, int status, boolean end) {
    boolean bad = repeats.wants(headers, status);
    if (!made.isHedged() && again(bad, headers)) {
      counts.retried(status);
      made.failed();
      leave(made, end);
      return true;
    }
    if (repeats.followsRedirects() && redirect(made, headers, status, end)) {
      return true;
    }
    if (bad && othersMayAnswer(made)) {
      made.failed();
      leave(made, end);
      return true;
    }
    return false;
  }

  private boolean redirect(UpstreamAttempt made, Http2Headers headers, int status, boolean end) {
    var policy = way.forward.handling().redirects();
    if (policy == null || !policy.statuses().contains(status)) {
      return false;
    }
    var follow = new InternalRedirect(stream, settings.stats(), policy, way.route);
    var body = flow.body();
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
    times.retrying(); // with hedging, another attempt may be about to be made
    made.touch(now());
    answers.begin(made, headers, status);
    attempts.keepOnly(made);
    repeats.forget();
    flow.settle();
    boolean ended = times.isRequestEnded(); // a tunnel's or an upgrade's does not
    answers.decorate(headers, ended ? times.since(made.started(), now()) : -1);
    if (made.stream() instanceof TcpStream || status == 101) {
      times.unlimited();
    }
    if (end) {
      complete(made);
    }
    stream.respond(headers, end);
    timeouts.arm();
  }

  /// The response is complete; what is left of the request is given up by [#destroy].
  void complete(UpstreamAttempt made) {
    facts.upstreamEnded(System.nanoTime());
    if (times.isRequestEnded()) {
      counts.time(times.since(made.started(), now()), made.host());
      if (!(made.stream() instanceof TcpStream)) {
        made.end();
      }
    }
    times.unlimited();
  }

  /// A response has broken off.
  void brokenOff(ResponseFlag flag, String details) {
    over = true;
    answers.breakOff(flag, details);
  }

  /// Answers in the host's stead.
  void answer(int status, String text, String details) {
    if (!over) {
      over = true;
      answers.reply(status, text, details);
    }
  }

  HttpStats stats() {
    return settings.stats();
  }

  Answers answers() {
    return answers;
  }

  Repeats repeats() {
    return repeats;
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

  /// The request is over, however it ended.
  void destroy() {
    over = true;
    timeouts.disarm();
    repeats.forget();
    attempts.abandon();
    flow.destroy(times.isRequestEnded());
  }
}
