package dev.weir.upstream;

import dev.weir.telemetry.StatScope;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.SerialLoop.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Gathers updates that only change health, weight or metadata for a while, so that many of them
/// make one new balancer (`update_merge_window`). Updates that bring or take hosts are never put
/// off. Main loop only.
final class UpdateWindow {
  private final SerialLoop main;
  private final Duration window;
  private final StatScope clusterManager;
  private final Runnable apply;
  private @Nullable Cancellable pending;
  private long latest;

  /// @param window zero applies every update at once
  /// @param clusterManager the scope of that name, which counts merges over all clusters
  UpdateWindow(SerialLoop main, Duration window, StatScope clusterManager, Runnable apply) {
    this.main = main;
    this.window = window;
    this.clusterManager = clusterManager;
    this.apply = apply;
    this.latest = main.nanoTime() - window.toNanos() - 1;
  }

  /// Applies an update now or later.
  ///
  /// @param mergeable whether it may wait
  void update(boolean mergeable) {
    if (window.isZero()) {
      applyAtOnce();
      return;
    }
    boolean recent = main.nanoTime() - latest <= window.toNanos();
    if (mergeable && recent) {
      if (pending == null) {
        pending = main.schedule(window, this::applyMerged);
      }
      return;
    }
    if (mergeable) {
      clusterManager.counter("update_out_of_merge_window").increment();
    }
    if (pending != null) {
      cancel();
      clusterManager.counter("update_merge_cancelled").increment();
    }
    applyAtOnce();
  }

  private void applyMerged() {
    pending = null;
    clusterManager.counter("cluster_updated_via_merge").increment();
    apply();
  }

  private void applyAtOnce() {
    clusterManager.counter("cluster_updated").increment();
    apply();
  }

  private void apply() {
    latest = main.nanoTime();
    apply.run();
  }

  /// Forgets an update that waits.
  void cancel() {
    if (pending != null) {
      pending.cancel();
      pending = null;
    }
  }
}
