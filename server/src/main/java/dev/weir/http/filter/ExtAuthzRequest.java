package dev.weir.http.filter;

import dev.weir.config.AuthzAnswer;
import dev.weir.config.AuthzAnswer.Header;
import dev.weir.config.AuthzAnswer.Refusal;
import dev.weir.config.MetadataValue;
import dev.weir.config.http.HttpExtAuthzConfig;
import dev.weir.config.http.HttpFilterConfig.ExtAuthzOverride;
import dev.weir.config.http.RouteAction;
import dev.weir.http.Names;
import dev.weir.telemetry.ResponseFlag;
import dev.weir.upstream.Cluster;
import dev.weir.upstream.call.HttpCall;
import dev.weir.upstream.http.CodeStats;
import dev.weir.xds.decision.CheckQuestion.Body;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that waits until a service has said whether it may go on. Its worker only.
final class ExtAuthzRequest implements HttpFilter {
  private static final String NAMESPACE = "envoy.filters.http.ext_authz";
  private static final String FAILED_OPEN = "x-envoy-auth-failure-mode-allowed";
  private static final double NANOS_PER_MILLI = 1e6;

  private enum State {
    NEW,
    /// Its body comes.
    GATHERING,
    ASKED,
    PASSED,
    OVER
  }

  private final ExtAuthzFilter filter;
  private final FilterStream stream;
  private final ExtAuthzOverride told;
  private final Map<String, String> extensions;
  private State state = State.NEW;
  private HttpExtAuthzConfig.@Nullable Body wanted;
  private @Nullable ByteBuf gathered;
  private @Nullable HttpCall call;
  private List<Header> forResponse = List.of();
  private long asked;

  /// Whether a callback of ours is running, in which nothing may go on.
  private boolean busy;

  ExtAuthzRequest(
      ExtAuthzFilter filter,
      FilterStream stream,
      ExtAuthzOverride told,
      Map<String, String> extensions) {
    this.filter = filter;
    this.stream = stream;
    this.told = told;
    this.extensions = extensions;
  }

  @Override
  public Step onRequestHeaders(Http2Headers headers, boolean end) {
    if (!isEnabled()) {
      filter.stats().disabled.increment();
      if (filter.config().when().denyOthers()) {
        fail(filter.config().onError().status());
        return Step.STOP;
      }
      state = State.PASSED;
      return Step.CONTINUE;
    }
    boolean upgrade = headers.contains(Names.UPGRADE) || "CONNECT".contentEquals(headers.method());
    wanted = told.withoutBody() ? null : told.body() == null ? filter.config().body() : told.body();
    if (wanted != null && !end && !upgrade) {
      state = State.GATHERING;
      gathered = Unpooled.buffer(0, wanted.max());
      stream.holdUpTo(wanted.max());
      return Step.STOP;
    }
    ask(null);
    return state == State.PASSED ? Step.CONTINUE : Step.STOP;
  }

  private boolean isEnabled() {
    var when = filter.config().when();
    var metadata = when.metadata();
    return when.share().includes(stream.random())
        && (metadata == null
            || metadata.test(stream.record().metadata(metadata.namespace(), metadata.path())));
  }

  @Override
  public ByteBuf onRequestData(ByteBuf data, boolean end) {
    if (state == State.GATHERING && wanted != null && gathered != null) {
      int room = wanted.max() - gathered.readableBytes();
      int size = data.readableBytes();
      if (size > room && !wanted.partial()) {
        state = State.OVER;
        stream.reply(LocalReply.of(413, "Payload Too Large", "request_payload_too_large"));
        return data;
      }
      gathered.writeBytes(data, data.readerIndex(), Math.min(size, room));
      boolean full = wanted.partial() && size >= room;
      if (end || full) {
        askWithBody(size > room || !end);
      }
    }
    return data;
  }

  @Override
  public void onRequestTrailers(Http2Headers trailers) {
    if (state == State.GATHERING) {
      askWithBody(false);
    }
  }

  private void askWithBody(boolean partial) {
    if (gathered == null || wanted == null) {
      return;
    }
    var bytes = ByteBuffer.wrap(ByteBufUtil.getBytes(gathered));
    release();
    // A route says how much, and the filter in which form.
    var own = filter.config().body();
    ask(new AuthzQuestions.Beginning(new Body(bytes, own != null && own.raw()), partial));
  }

  private void ask(AuthzQuestions.@Nullable Beginning body) {
    boolean gathering = state == State.GATHERING;
    state = State.ASKED;
    asked = System.nanoTime();
    busy = true;
    var begun =
        filter
            .authority(told.service())
            .ask(
                stream.connection().worker(),
                filter.questions().of(stream, extensions, body),
                stream.record(),
                answer -> answered(answer, gathering));
    busy = false;
    if (state == State.ASKED) {
      call = begun;
    }
  }

  /// @param gathering whether the request is stopped; else its head is only now passing
  private void answered(@Nullable AuthzAnswer answer, boolean gathering) {
    call = null;
    if (busy && gathering) {
      // The piece that we were shown is nobody's yet.
      stream.connection().worker().execute(() -> decide(answer));
    } else {
      decide(answer);
    }
  }

  private void decide(@Nullable AuthzAnswer answer) {
    if (state != State.ASKED) {
      return;
    }
    if (answer != null) {
      note(answer);
    }
    switch (answer) {
      case AuthzAnswer.Allowed allowed -> allow(allowed);
      case AuthzAnswer.Denied(var refusal, _) -> deny(refusal);
      case AuthzAnswer.Failed(var refusal, _) -> failed(refusal);
      case null -> failed(null);
    }
  }

  private void note(AuthzAnswer answer) {
    var metadata = new HashMap<>(answer.metadata());
    if (metadata.isEmpty()) {
      return;
    }
    if (!filter.config().effects().metadata()) {
      filter.stats().ignoredMetadata.increment();
      return;
    }
    if (answer instanceof AuthzAnswer.Allowed) {
      double millis = Math.floor((System.nanoTime() - asked) / NANOS_PER_MILLI);
      metadata.put("ext_authz_duration", new MetadataValue.Numeric(millis));
    }
    stream.record().addMetadata(NAMESPACE, metadata);
  }

  private void allow(AuthzAnswer.Allowed allowed) {
    var effects = filter.config().effects();
    var edits = allowed.request();
    boolean valid =
        AnswerEdits.areValid(edits.headers()) && AnswerEdits.areValid(allowed.response());
    if (effects.strict() && !valid) {
      invalid();
      return;
    }
    var rules = effects.rules();
    if (rules != null && rules.refusalIsError() && !AnswerEdits.permitted(edits, rules)) {
      invalid();
      return;
    }
    var cluster = cluster();
    if (AnswerEdits.apply(edits, rules, stream.requestHeaders()) && effects.clearRoute()) {
      stream.clearRoute();
    }
    forResponse = allowed.response();
    filter.stats().allowed(cluster);
    pass();
  }

  private void invalid() {
    filter.stats().invalid(cluster());
    state = State.OVER;
    stream.record().flag(ResponseFlag.UAEX);
    stream.reply(LocalReply.of(500, "", "ext_authz_invalid"));
  }

  private void deny(Refusal refusal) {
    var effects = filter.config().effects();
    if (effects.strict() && !AnswerEdits.areValid(refusal.headers())) {
      invalid();
      return;
    }
    var cluster = cluster();
    int status = refusal.statusOr(403);
    filter.stats().refused(cluster);
    if (cluster != null && effects.counted()) {
      boolean internal = stream.requestHeaders().contains(Names.INTERNAL);
      CodeStats.count(cluster.stats().scope(), status, internal);
    }
    refuse(status, refusal, "ext_authz_denied");
  }

  private void refuse(int status, Refusal refusal, String details) {
    state = State.OVER;
    stream.record().flag(ResponseFlag.UAEX);
    stream.reply(
        LocalReply.of(status, cut(refusal.body()), details)
            .with(headers -> AnswerEdits.replace(refusal, headers)));
  }

  private String cut(String body) {
    long longest = filter.config().effects().longestRefusal();
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    return longest == 0 || bytes.length <= longest
        ? body
        : new String(bytes, 0, (int) longest, StandardCharsets.UTF_8);
  }

  /// @param refusal what the service wants the client to get; null if it said nothing
  private void failed(@Nullable Refusal refusal) {
    var onError = filter.config().onError();
    var cluster = cluster();
    filter.stats().failed(cluster);
    if (onError.open()) {
      filter.stats().failedOpen(cluster);
      if (onError.noted()) {
        stream.requestHeaders().add(FAILED_OPEN, "true");
      }
      pass();
    } else if (refusal == null) {
      fail(onError.status());
    } else {
      refuse(refusal.statusOr(onError.status()), refusal, "ext_authz_error");
    }
  }

  private void fail(int status) {
    refuse(status, Refusal.PLAIN, "ext_authz_error");
  }

  private void pass() {
    state = State.PASSED;
    if (!busy) {
      stream.continueRequest();
    }
  }

  /// The cluster that the request is for, as things stand; null where it is for none.
  private @Nullable Cluster cluster() {
    var route = stream.route();
    if (route == null || !(route.config().action() instanceof RouteAction.Forward)) {
      return null;
    }
    var name = route.targets().choose(stream.requestHeaders(), stream.random()).cluster();
    return name == null ? null : filter.services().clusters().find(name);
  }

  @Override
  public void onResponseHeaders(Http2Headers headers, boolean end) {
    AnswerEdits.apply(forResponse, headers);
  }

  private void release() {
    if (gathered != null) {
      gathered.release();
      gathered = null;
    }
  }

  @Override
  public void onDestroy() {
    state = State.OVER;
    release();
    if (call != null) {
      call.cancel();
    }
  }
}
