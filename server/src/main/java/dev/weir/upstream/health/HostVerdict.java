package dev.weir.upstream.health;

import dev.weir.upstream.host.HealthFlag;
import dev.weir.upstream.host.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What all checks of a host together say of it: it is as bad as the worst of them. Main loop only.
final class HostVerdict {
  private final HealthChecks checks;
  private final Host host;
  private final List<HealthSession> sessions = new ArrayList<>();
  private boolean seen;

  HostVerdict(HealthChecks checks, Host host) {
    this.checks = checks;
    this.host = host;
  }

  void add(HealthSession session) {
    sessions.add(session);
  }

  void start() {
    sessions.forEach(HealthSession::start);
  }

  /// The answer to a request says that the host is not well.
  void failNow() {
    List.copyOf(sessions).forEach(HealthSession::failNow);
  }

  void stop() {
    sessions.forEach(HealthSession::stop);
  }

  /// Whether every check has had a result.
  boolean isSeen() {
    return seen;
  }

  /// One of the checks has a result.
  void reached(boolean passed) {
    if (!seen && sessions.stream().noneMatch(HealthSession::unchecked)) {
      seen = true;
      checks.seen();
    }
    boolean changed = set(HealthFlag.FAILED_ACTIVE_HC, HealthSession::isFailed);
    changed |= set(HealthFlag.DEGRADED_ACTIVE_HC, HealthSession::isDegraded);
    changed |= set(HealthFlag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL, HealthSession::isExcluded);
    if (host.has(HealthFlag.PENDING_ACTIVE_HC)) {
      changed |= set(HealthFlag.PENDING_ACTIVE_HC, HealthSession::unchecked);
    }
    set(HealthFlag.ACTIVE_HC_TIMEOUT, HealthSession::isTimedOut);
    checks.reached(host, new HostCheck(changed, passed));
  }

  private boolean set(HealthFlag flag, Predicate<HealthSession> raised) {
    return host.set(flag, sessions.stream().anyMatch(raised));
  }
}
