package dev.weir.telemetry;

import dev.weir.config.StatsConfig;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// All statistics of a server, by Envoy's full dotted names. Any thread.
///
/// A statistic comes into being when it is first asked for; until then a scope holds nothing but
/// its prefix and its families, so that ten thousand idle clusters stay small.
public final class Stats {
  private final ConcurrentHashMap<String, ScopeNode> nodes = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Labelled> labelled = new ConcurrentHashMap<>();
  private final StatsConfig config;

  /// Keeps what the configuration says.
  public Stats(StatsConfig config) {
    this.config = config;
  }

  /// Keeps everything.
  public Stats() {
    this(StatsConfig.DEFAULT);
  }

  /// Which names are kept, and how they are shown.
  StatsConfig config() {
    return config;
  }

  /// A scope of this prefix. All open scopes of one prefix share their statistics, which go when
  /// the last of them is closed.
  ///
  /// @param prefix without the dot that follows it, such as `cluster.one` or `listener.0.0.0.0_80`;
  ///   may be empty
  /// @param families what has such names, whether it was counted or not
  public StatScope scope(String prefix, StatFamily... families) {
    var clean = StatNames.sanitize(prefix);
    var node =
        nodes.compute(
            clean,
            (_, old) -> {
              var open = old == null ? new ScopeNode(clean, config.kept()) : old;
              open.retain(families);
              return open;
            });
    return new StatScope(this, node, families);
  }

  /// What a statistic is called where it has labels of its own.
  record Labelled(String name, List<Label> labels) {}

  /// Remembers the labels of a statistic.
  void label(String fullName, Labelled with) {
    labelled.put(fullName, with);
  }

  /// The labels that a statistic was given; null where its name is all there is.
  @Nullable Labelled labelled(String fullName) {
    return labelled.get(fullName);
  }

  void release(ScopeNode node, StatFamily[] families) {
    nodes.computeIfPresent(node.prefix(), (_, open) -> open.release(families) ? null : open);
  }

  /// Shows every statistic, counted or not, in no order.
  public void forEach(StatVisitor visitor) {
    nodes.values().forEach(node -> node.forEach(visitor));
  }

  /// Makes what histograms recorded since the last call visible. One thread, every
  /// `stats_flush_interval`.
  public void flush() {
    forEach((_, stat) -> {
      if (stat instanceof Histogram histogram) {
        histogram.flush();
      }
    });
  }

  /// Sets all counters to zero (`/reset_counters`).
  public void resetCounters() {
    forEach((_, stat) -> {
      if (stat instanceof Counter counter) {
        counter.reset();
      }
    });
  }
}
