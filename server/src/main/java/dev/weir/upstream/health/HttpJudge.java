package dev.weir.upstream.health;

import dev.weir.config.HealthCheckConfig.HttpExpectation;
import dev.weir.config.HealthCheckConfig.StatusRange;
import dev.weir.telemetry.Counter;
import dev.weir.upstream.health.ProbeOutcome.Failed;
import dev.weir.upstream.health.ProbeOutcome.FailureType;
import dev.weir.upstream.health.ProbeOutcome.Passed;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// Judges the answer to an HTTP check: by its status, by what its body has to have, and by who says
/// it is. Its worker only.
final class HttpJudge implements AnswerJudge {
  private final Rule rule;
  private final PayloadSearch search;
  private long left;
  private int status;
  private boolean degraded;
  private boolean immediate;
  private String cluster = "";

  /// What is expected; made once for a check.
  ///
  /// @param verified counts the names that were compared
  record Rule(HttpExpectation expected, List<PayloadSearch.Block> receive, Counter verified) {
    static Rule of(HttpExpectation expected, Counter verified) {
      return new Rule(expected, PayloadSearch.blocks(expected.receive()), verified);
    }
  }

  HttpJudge(Rule rule) {
    this.rule = rule;
    this.search = new PayloadSearch(rule.receive);
    this.left = rule.expected.bodyLimit() == 0 ? Long.MAX_VALUE : rule.expected.bodyLimit();
  }

  @Override
  public void begin(int code, Headers headers) {
    status = code;
    degraded = headers.get("x-envoy-degraded") != null;
    immediate = headers.get("x-envoy-immediate-health-check-fail") != null;
    var name = headers.get("x-envoy-upstream-healthchecked-cluster");
    cluster = name == null ? "" : name.toString();
  }

  @Override
  public void body(ByteBuf data) {
    int length = (int) Math.min(left, data.readableBytes());
    left -= length;
    search.feed(data, length);
  }

  @Override
  public ProbeOutcome end(Headers trailers) {
    if (!in(rule.expected.statuses())) {
      return new Failed(FailureType.ACTIVE, status, in(rule.expected.retriable()), immediate);
    }
    if (!search.isDone()) {
      return Failed.answer(status);
    }
    var name = rule.expected.serviceName();
    if (name != null) {
      rule.verified.increment();
      if (!name.test(cluster)) {
        return Failed.answer(status);
      }
    }
    return new Passed(degraded);
  }

  private boolean in(List<StatusRange> ranges) {
    for (var range : ranges) {
      if (range.start() <= status && status < range.end()) {
        return true;
      }
    }
    return false;
  }
}
