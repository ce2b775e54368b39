package dev.weir.telemetry;

import java.util.List;
import java.util.function.LongSupplier;

/// Statistics below one prefix, for as long as whatever they describe lives. Any thread.
///
/// Asking costs a hash lookup: keep what is counted often. A name outside the scope's families is
/// fine; it shows once it was asked for.
public final class StatScope implements AutoCloseable {
  private final Stats stats;
  private final ScopeNode node;
  private final StatFamily[] families;
  private boolean closed;

  StatScope(Stats stats, ScopeNode node, StatFamily[] families) {
    this.stats = stats;
    this.node = node;
    this.families = families;
  }

  /// The full prefix, as it is shown.
  public String prefix() {
    return node.prefix();
  }

  /// The counter of this name.
  public Counter counter(String name) {
    return node.stat(name, Counter.class, Counter.EXCLUDED, Counter::new);
  }

  /// The counter of this name and these labels. In texts the labels follow the name, with dots
  /// between; Prometheus gets them as they are.
  public Counter counter(String name, List<Label> labels) {
    return counter(labelled(name, labels));
  }

  /// The histogram of this name and these labels.
  public Histogram histogram(String name, List<Label> labels) {
    return histogram(labelled(name, labels));
  }

  /// The gauge of this name and these labels.
  public Gauge gauge(String name, List<Label> labels) {
    return gauge(labelled(name, labels));
  }

  private String labelled(String name, List<Label> labels) {
    var flat = new StringBuilder(name);
    for (var label : labels) {
      flat.append('.').append(label.name()).append('.').append(label.value());
    }
    var full = flat.toString();
    stats.label(
        prefix() + "." + full, new Stats.Labelled(prefix() + "." + name, List.copyOf(labels)));
    return full;
  }

  /// The gauge of this name.
  public Gauge gauge(String name) {
    return node.stat(name, Gauge.class, Gauge.EXCLUDED, () -> new Gauge(null));
  }

  /// Shows under this name whatever the source says at that moment; it is asked by the thread that
  /// shows it.
  public void gauge(String name, LongSupplier source) {
    node.stat(name, Gauge.class, Gauge.EXCLUDED, () -> new Gauge(source));
  }

  /// The histogram of this name.
  public Histogram histogram(String name) {
    return node.stat(name, Histogram.class, Histogram.EXCLUDED, Histogram::new);
  }

  /// The text of this name.
  public TextReadout text(String name) {
    return node.stat(name, TextReadout.class, TextReadout.EXCLUDED, TextReadout::new);
  }

  /// A scope below this one, to be closed on its own.
  ///
  /// @param name what follows this scope's prefix and a dot, such as `worker_0` or `health_check`
  public StatScope scope(String name, StatFamily... more) {
    return stats.scope(prefix().isEmpty() ? name : prefix() + "." + name, more);
  }

  /// Gives the statistics up; they vanish unless another scope of this prefix is open. The thread
  /// that opened it.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      stats.release(node, families);
    }
  }
}
