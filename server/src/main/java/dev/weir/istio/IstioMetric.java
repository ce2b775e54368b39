package dev.weir.istio;

import dev.weir.config.CelExpression;
import dev.weir.config.IstioStatsConfig.Change;
import dev.weir.telemetry.Label;
import dev.weir.telemetry.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One of Istio's metrics, with what the user changed about its labels. Any worker.
final class IstioMetric<S extends Stat> {
  private final boolean dropped;
  private final Function<List<Label>, S> maker;
  private final Map<String, Integer> replaced = new TreeMap<>();
  private final List<String> removed = new ArrayList<>();

  /// Equal observations lead to the same statistic, without a name being built again.
  private final Map<Observation, S> made = new ConcurrentHashMap<>();

  /// @param name without the prefix
  /// @param changes of all metrics
  /// @param expressions all there are, in the order of an observation's values
  IstioMetric(
      String name,
      List<Change> changes,
      List<CelExpression> expressions,
      Function<List<Label>, S> maker) {
    this.maker = maker;
    boolean drop = false;
    for (var change : changes) {
      if (change.concerns(name)) {
        drop |= change.drop();
        removed.addAll(change.removed());
        change.labels().forEach((label, value) -> replaced.put(label, expressions.indexOf(value)));
      }
    }
    this.dropped = drop;
  }

  /// The statistic for what was observed; null if the user does not want it.
  @Nullable S of(Observation seen) {
    if (dropped) {
      return null;
    }
    var known = made.get(seen);
    return known != null ? known : made.computeIfAbsent(seen, this::make);
  }

  private S make(Observation seen) {
    var labels = new ArrayList<Label>(seen.labels().size() + replaced.size());
    var further = new TreeMap<>(replaced);
    for (var label : seen.labels()) {
      var value = further.remove(label.name());
      if (value != null) {
        labels.add(new Label(label.name(), seen.values().get(value)));
      } else if (!removed.contains(label.name())) {
        labels.add(label);
      }
    }
    further.forEach((name, value) -> labels.add(new Label(name, seen.values().get(value))));
    return maker.apply(labels);
  }
}
