package dev.weir.upstream.connect;

import dev.weir.transport.Worker;
import dev.weir.upstream.host.Host;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The pools of one cluster, made for each worker when it first needs them, and used by that worker
/// only.
public final class PoolsByWorker<P extends PoolsByWorker.Pools> {
  private final Function<Worker, P> make;
  private final AtomicReferenceArray<@Nullable P> workers;
  private volatile boolean draining;

  /// What one worker has. That worker only.
  public interface Pools {
    /// Whose they are. Any thread.
    Worker worker();

    /// The cluster takes no more picks.
    void drain();

    /// These hosts are gone.
    void drain(Collection<Host> hosts);
  }

  /// @param workers how many workers there are
  /// @param make makes a worker's own, on that worker
  public PoolsByWorker(int workers, Function<Worker, P> make) {
    this.make = make;
    this.workers = new AtomicReferenceArray<>(workers);
  }

  /// The worker's own. On that worker.
  public P of(Worker worker) {
    var mine = workers.get(worker.index());
    if (mine == null) {
      mine = make.apply(worker);
      workers.set(worker.index(), mine);
      if (draining) { // after the slot is filled: either we see this, or drain() sees the slot
        mine.drain();
      }
    }
    return mine;
  }

  /// The own of the worker with this index, on that worker; null if it has needed none yet.
  public @Nullable P ifMade(int worker) {
    return workers.get(worker);
  }

  /// Drains those of all workers, and those that are made from now on. Main loop only.
  public void drain() {
    draining = true;
    forEach(Pools::drain);
  }

  /// Drains what leads to these hosts, on all workers. Main loop only.
  public void drain(Collection<Host> hosts) {
    forEach(pools -> pools.drain(hosts));
  }

  private void forEach(Consumer<P> action) {
    for (int i = 0; i < workers.length(); i++) {
      var pools = workers.get(i);
      if (pools != null) {
        pools.worker().execute(() -> action.accept(pools));
      }
    }
  }
}
