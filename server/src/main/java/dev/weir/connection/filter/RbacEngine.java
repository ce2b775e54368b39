package dev.weir.connection.filter;

import dev.weir.config.CidrRange;
import dev.weir.config.RbacConfig.Action;
import dev.weir.config.RbacConfig.Decision;
import dev.weir.config.RbacConfig.Engine;
import dev.weir.config.RbacConfig.Policy;
import dev.weir.config.RbacConfig.Test;
import dev.weir.config.TextMatch;
import dev.weir.connection.ConnectionInfo;
import dev.weir.connection.match.Matcher;
import dev.weir.telemetry.Attributes;
import dev.weir.transport.tls.TlsCertificate;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides who may come in. Built at a push; immutable, any worker.
public final class RbacEngine {
  private final @Nullable Matcher<Decision> matcher;
  private final List<Policy> policies;
  private final Action action;

  /// Makes a configuration live.
  public RbacEngine(Engine config) {
    switch (config) {
      case Engine.Rules(var forThose, var all) -> {
        matcher = null;
        policies = all;
        action = forThose;
      }
      case Engine.Found(var decisions) -> {
        matcher = Matcher.of(decisions);
        policies = List.of();
        action = Action.ALLOW;
      }
    }
  }

  /// What was decided.
  ///
  /// @param policy the one that fitted; null for none
  /// @param noted what a log is told of whether to note this; null for nothing
  public record Verdict(boolean allowed, @Nullable String policy, @Nullable Boolean noted) {}

  /// Decides about a subject.
  public Verdict decide(RbacSubject subject) {
    if (matcher != null) {
      var found = matcher.find(subject);
      return found == null
          ? new Verdict(false, null, null)
          : verdict(found.action(), found.name(), true);
    }
    for (var policy : policies) {
      if (fits(policy, subject)) {
        return verdict(action, policy.name(), true);
      }
    }
    return verdict(action, null, false);
  }

  private static boolean fits(Policy policy, RbacSubject subject) {
    var condition = policy.condition();
    return passes(policy.permissions(), subject)
        && passes(policy.principals(), subject)
        && (condition == null || condition.test(Attributes.of(subject.record())));
  }

  private static Verdict verdict(Action action, @Nullable String policy, boolean fits) {
    return switch (action) {
      case ALLOW -> new Verdict(fits, policy, null);
      case DENY -> new Verdict(!fits, policy, null);
      case LOG -> new Verdict(true, policy, fits);
    };
  }

  private static boolean passes(Test test, RbacSubject subject) {
    return switch (test) {
      case Test.Always _ -> true;
      case Test.All(var all) -> all(all, subject);
      case Test.AnyOf(var some) -> any(some, subject);
      case Test.Not(var opposite) -> !passes(opposite, subject);
      case Test.Header(var match) -> subject.header(match);
      case Test.Path(var match) -> {
        var path = subject.path();
        yield path != null && match.test(path);
      }
      case Test.DestinationIp(var range) -> lies(subject.info().localAddress(), range);
      case Test.DestinationPort(int from, int to) -> {
        int port = ConnectionInfo.port(subject.info().localAddress());
        yield from <= port && port < to;
      }
      case Test.ServerName(var match) -> match.test(subject.info().serverName());
      case Test.SourceIp(var range) -> lies(subject.info().remoteAddress(), range);
      case Test.RemoteIp(var range) -> lies(subject.remote(), range);
      case Test.DirectRemoteIp(var range) -> lies(subject.info().directRemoteAddress(), range);
      case Test.Authenticated(var name) -> isAuthenticated(subject, name);
      case Test.Dynamic(var match) ->
          match.test(subject.record().metadata(match.namespace(), match.path()));
      case Test.State(var key, var match) -> {
        var state = subject.record().filterState(key);
        var text = state == null ? null : state.text();
        yield text != null && match.test(text);
      }
    };
  }

  private static boolean all(List<Test> tests, RbacSubject subject) {
    for (var test : tests) {
      if (!passes(test, subject)) {
        return false;
      }
    }
    return true;
  }

  private static boolean any(List<Test> tests, RbacSubject subject) {
    for (var test : tests) {
      if (passes(test, subject)) {
        return true;
      }
    }
    return false;
  }

  private static boolean lies(SocketAddress address, CidrRange range) {
    var ip = ConnectionInfo.ip(address);
    return ip != null && range.contains(ip);
  }

  private static boolean isAuthenticated(RbacSubject subject, @Nullable TextMatch name) {
    var tls = subject.info().tls();
    var peer = tls == null ? null : tls.peerCertificate();
    return peer != null && (name == null || hasName(peer, name));
  }

  /// A certificate's name is one of its URIs, or of its DNS names, or else its subject.
  private static boolean hasName(TlsCertificate peer, TextMatch name) {
    for (var uri : peer.uris()) {
      if (name.test(uri)) {
        return true;
      }
    }
    for (var dns : peer.dnsNames()) {
      if (name.test(dns)) {
        return true;
      }
    }
    return name.test(peer.subject());
  }
}
