package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.SubsetConfig.Fallback;
import dev.weir.config.LbConfig.SubsetConfig.Selector;
import dev.weir.telemetry.Counter;
import dev.weir.upstream.balance.PickTrail.Kind;
import dev.weir.upstream.balance.PickTrail.Step;
import dev.weir.upstream.host.Host;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where subset load balancing leads for given criteria. Worked out once for each, then picked
/// from. Immutable.
sealed interface SubsetStep extends LoadBalancer {

  /// The subset that was asked for. It is final: if none of its hosts is well, there is no host.
  ///
  /// @param selected counts for the cluster
  /// @param bySelector counts for the selector
  record Selected(Selector selector, Subset subset, Counter selected, Counter bySelector)
      implements SubsetStep {
    @Override
    public @Nullable Host pick(PickRequest request) {
      selected.increment();
      bySelector.increment();
      return subset.pick(request);
    }

    @Override
    public PickTrail explain(PickRequest request) {
      return subset.explain(request).after(new Step(Kind.SUBSET, selector.keys(), null));
    }
  }

  /// There is no such subset; the selector with these keys has a fallback of its own.
  ///
  /// @param target null for no fallback
  /// @param unmatched counts for the selector
  record OwnFallback(Selector selector, @Nullable LoadBalancer target, Counter unmatched)
      implements SubsetStep {
    @Override
    public @Nullable Host pick(PickRequest request) {
      unmatched.increment();
      return target == null ? null : target.pick(request);
    }

    @Override
    public PickTrail explain(PickRequest request) {
      var trail = target == null ? PickTrail.NONE : target.explain(request);
      return trail.after(new Step(Kind.SELECTOR_FALLBACK, selector.keys(), selector.fallback()));
    }
  }

  /// There is no such subset, and its selector has no fallback of its own.
  ///
  /// @param unmatched counts for the selector
  record Unmatched(Selector selector, SubsetStep common, Counter unmatched) implements SubsetStep {
    @Override
    public @Nullable Host pick(PickRequest request) {
      unmatched.increment();
      return common.pick(request);
    }

    @Override
    public PickTrail explain(PickRequest request) {
      return common.explain(request).after(new Step(Kind.SELECTOR_FALLBACK, selector.keys(), null));
    }
  }

  /// There is no such subset, or no selector with these keys: the fallback of the whole
  /// configuration.
  ///
  /// @param kind [Kind#FALLBACK], or [Kind#PANIC_MODE_ANY] where that had no host
  /// @param target null for no fallback
  record CommonFallback(Kind kind, Fallback policy, @Nullable Subset target, Counter counter)
      implements SubsetStep {
    @Override
    public @Nullable Host pick(PickRequest request) {
      var host = target == null ? null : target.pick(request);
      if (host != null) {
        counter.increment();
      }
      return host;
    }

    @Override
    public PickTrail explain(PickRequest request) {
      var trail = target == null ? PickTrail.NONE : target.explain(request);
      return trail.after(new Step(kind, List.of(), policy));
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

    @Override
    public PickTrail explain(PickRequest request) {
      var tried = new ArrayList<Step>();
      PickTrail trail = PickTrail.NONE;
      for (var step : steps) {
        trail = step.explain(request);
        if (trail.leadsAnywhere()) {
          return trail.after(tried);
        }
        tried.addAll(trail.steps());
      }
      return new PickTrail(List.copyOf(tried), trail.tiers(), null);
    }
  }
}
