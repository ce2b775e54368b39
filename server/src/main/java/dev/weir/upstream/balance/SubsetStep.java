package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.SubsetConfig.Fallback;
import dev.weir.config.LbConfig.SubsetConfig.Selector;
import dev.weir.telemetry.Counter;
import dev.weir.upstream.host.Host;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where subset load balancing leads for given criteria. Worked out once for each, then picked
/// from. Immutable.
sealed interface SubsetStep extends LoadBalancer {

  /// The subset that was asked for. It is final: if none of its hosts is well, there is no host.
  record Selected(Selector selector, Subset subset, Counter selected) implements SubsetStep {
    @Override
    public @Nullable Host pick(PickRequest request) {
      selected.increment();
      return subset.pick(request);
    }
  }

  /// There is no such subset; the selector with these keys has a fallback of its own.
  ///
  /// @param target null for no fallback
  record OwnFallback(Selector selector, @Nullable LoadBalancer target) implements SubsetStep {
    @Override
    public @Nullable Host pick(PickRequest request) {
      return target == null ? null : target.pick(request);
    }
  }

  /// There is no such subset, or no selector with these keys: the fallback of the whole
  /// configuration.
  ///
  /// @param target null for no fallback
  record CommonFallback(Fallback policy, @Nullable Subset target, Counter counter)
      implements SubsetStep {
    @Override
    public @Nullable Host pick(PickRequest request) {
      var host = target == null ? null : target.pick(request);
      if (host != null) {
        counter.increment();
      }
      return host;
    }
  }

  /// The first of several steps that has a host.
  record FirstOf(List<SubsetStep> steps) implements SubsetStep {
    @Override
    public @Nullable Host pick(PickRequest request) {
      for (int i = 0; i < steps.size(); i++) {
        var host = steps.get(i).pick(request);
        if (host != null) {
          return host;
        }
      }
      return null;
    }
  }
}
