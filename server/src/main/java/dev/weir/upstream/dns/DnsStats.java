package dev.weir.upstream.dns;

import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import org.jspecify.annotations.Nullable;

/// Counts lookups, under the names that Envoy's usual resolver has: `dns.cares.`. They are there
/// from the first lookup on. Opened on the main loop, counted on the resolver's worker.
final class DnsStats {
  private final Stats stats;
  private volatile @Nullable StatScope scope;

  DnsStats(Stats stats) {
    this.stats = stats;
  }

  /// Somebody is going to ask. Main loop only.
  void open() {
    if (scope == null) {
      scope = stats.scope("dns.cares", StatFamilies.DNS);
    }
  }

  /// A lookup begins.
  void begun() {
    count("resolve_total");
    pending(1);
  }

  /// A lookup has ended.
  void ended(Answer answer) {
    pending(-1);
    switch (answer) {
      case Answer.Found(var addresses, _) when addresses.isEmpty() -> count("not_found");
      case Answer.Found _ -> {}
      case Answer.Failed _ -> count("get_addr_failure");
    }
  }

  private void count(String name) {
    var open = scope;
    if (open != null) {
      open.counter(name).increment();
    }
  }

  private void pending(int change) {
    var open = scope;
    if (open != null) {
      open.gauge("pending_resolutions").add(change);
    }
  }
}
