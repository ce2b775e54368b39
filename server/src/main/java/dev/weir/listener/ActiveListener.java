package dev.weir.listener;

import dev.weir.config.Address;
import dev.weir.config.FilterChainConfig.Admission;
import dev.weir.config.ListenerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A live listener: its sockets, the current generation of its configuration, and its connections
/// on all workers. Main loop only.
///
/// `bind`, then any number of `update`s, then `drain` or `close`.
public final class ActiveListener {
  private final ListenerServices services;
  private final List<ListenerShard> shards;
  private final List<ListenerStats> stats = new ArrayList<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private ListenerConfig config;
  private ListenSockets sockets = ListenSockets.NONE;
  private boolean stopped;
  private boolean ending;
  private volatile @Nullable Generation current;

  /// A listener that does nothing yet.
  public ActiveListener(ListenerConfig config, ListenerServices services) {
    this.config = config;
    this.services = services;
    this.shards =
        services.loops().workers().stream()
            .map(worker -> new ListenerShard(worker, this::current, services.telemetry().time()))
            .toList();
  }

  private Generation current() {
    var generation = current;
    if (generation == null) {
      throw new IllegalStateException(config.name() + " is not bound");
    }
    return generation;
  }

  /// Opens the sockets, all or none, and accepts from now on. May be tried again if it was refused.
  public ListenerOutcome bind() {
    services.main().check();
    try {
      var opened = ListenSockets.open(config.bind(), services.loops());
      try {
        current = generation(config);
      } catch (IOException e) {
        opened.discard();
        throw e;
      }
      sockets = opened;
      sockets.accept(shards, config.bind());
      return new ListenerOutcome.Applied();
    } catch (IOException e) {
      return refused(e);
    }
  }

  private static ListenerOutcome refused(IOException e) {
    return new ListenerOutcome.Refused(String.valueOf(e.getMessage()));
  }

  private Generation generation(ListenerConfig next) throws IOException {
    boolean sameStats =
        !stats.isEmpty() && ListenerStats.prefix(next).equals(ListenerStats.prefix(config));
    var counts = sameStats ? stats.getLast() : newStats(next);
    var generation = Generation.of(next, counts, services);
    if (!sameStats) {
      stats.add(counts);
    }
    return generation;
  }

  private ListenerStats newStats(ListenerConfig of) {
    return new ListenerStats(services.telemetry().stats(), ListenerStats.prefix(of), shards.size());
  }

  /// Replaces the configuration, of a listener that is not bound too. New connections find the new
  /// one; open ones go on under their own, but for those whose filter chain is gone or admits
  /// others now: they are closed one by one in the course of the drain time. If the sockets change,
  /// the new ones listen before the old ones stop.
  public ListenerOutcome update(ListenerConfig next) {
    services.main().check();
    if (next.bind().reusePort() != config.bind().reusePort()) {
      return new ListenerOutcome.Refused(
          "Listener " + next.name() + ": reuse port cannot be changed during an update");
    }
    if (current == null) {
      config = next;
      return new ListenerOutcome.Applied();
    }
    try {
      boolean moves = !stopped && !next.bind().equals(config.bind());
      return moves ? updateAndMove(next) : updateInPlace(next);
    } catch (IOException e) {
      return refused(e);
    }
  }

  private ListenerOutcome updateAndMove(ListenerConfig next) throws IOException {
    var opened = ListenSockets.open(next.bind(), services.loops());
    try {
      updateInPlace(next);
    } catch (IOException e) {
      opened.discard();
      throw e;
    }
    opened.accept(shards, next.bind());
    sockets.close();
    sockets = opened;
    return new ListenerOutcome.Applied();
  }

  private ListenerOutcome updateInPlace(ListenerConfig next) throws IOException {
    var before = current();
    var after = generation(next);
    current = after;
    config = next;
    var gone = new HashSet<>(before.admissions());
    gone.removeAll(after.admissions());
    if (!gone.isEmpty()) {
      drain(gone);
    }
    before.retire();
    return new ListenerOutcome.Applied();
  }

  private void drain(Set<Admission> gone) {
    var scope = services.telemetry().stats().scope("listener_manager");
    var draining = scope.gauge("total_filter_chains_draining");
    draining.add(gone.size());
    long time = services.drainTime().toMillis();
    onEachShard(
        (shard, done) -> shard.drainChains(chain -> gone.contains(chain.admission()), time, done),
        () -> {
          draining.add(-gone.size());
          scope.close();
        });
  }

  /// Something that a shard does, and tells when it is done.
  private interface ShardTask {
    void start(ListenerShard shard, Runnable done);
  }

  /// Has each shard do something, on its worker.
  ///
  /// @param done runs on the main loop, after the last of them
  private void onEachShard(ShardTask task, Runnable done) {
    var left = new int[] {shards.size()};
    Consumer<ListenerShard> start =
        shard ->
            task.start(
                shard,
                () ->
                    services
                        .main()
                        .execute(() -> {
                          if (--left[0] == 0) {
                            done.run();
                          }
                        }));
    shards.forEach(shard -> shard.worker().execute(() -> start.accept(shard)));
  }

  /// Stops listening at once; open connections go on. Harmless if repeated.
  public void stop() {
    services.main().check();
    stopped = true;
    sockets.close();
    sockets = ListenSockets.NONE;
  }

  /// Stops listening, and closes what is open one by one in the course of that time, the
  /// connections that are idle for longest first.
  ///
  /// @return completed on the main loop when no connection is left
  public CompletableFuture<Void> drain(Duration time) {
    stop();
    awaitEnd();
    long millis = time.toMillis();
    shards.forEach(shard -> shard.worker().execute(() -> shard.drainAll(millis)));
    return ended;
  }

  /// Stops listening and closes all connections at once, with a FIN each.
  ///
  /// @return completed on the main loop when no connection is left
  public CompletableFuture<Void> close() {
    stop();
    awaitEnd();
    shards.forEach(shard -> shard.worker().execute(shard::close));
    return ended;
  }

  private void awaitEnd() {
    if (!ending) {
      ending = true;
      onEachShard(ListenerShard::whenEnded, this::end);
    }
  }

  private void end() {
    if (current != null) {
      current.retire();
    }
    stats.forEach(ListenerStats::close);
    ended.complete(null);
  }

  /// The configuration in force.
  public ListenerConfig config() {
    return config;
  }

  /// Where it listens, with the real ports; empty before [#bind] and after [#stop].
  public List<Address> localAddresses() {
    return sockets.addresses();
  }

  /// How many connections are open, on all workers. Any thread.
  public int connections() {
    return shards.stream().mapToInt(ListenerShard::open).sum();
  }

  /// Its parts, by worker.
  List<ListenerShard> shards() {
    return shards;
  }
}
