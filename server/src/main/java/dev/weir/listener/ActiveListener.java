package dev.weir.listener;

import dev.weir.config.Address;
import dev.weir.config.FilterChainConfig.Admission;
import dev.weir.config.ListenerConfig;
import dev.weir.connection.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A live listener: its sockets, the current generation of its configuration, and its connections
/// on all workers. Main loop only.
///
/// Any number of configurations, `prepare`d and then applied; then `drain` or `close`.
public final class ActiveListener {
  private static final System.Logger LOG = System.getLogger("upstream");
  private static final Duration READINESS_INTERVAL = Duration.ofMillis(100);

  /// How long a client may take for the rest of a TCP handshake that one of our sockets has begun.
  private static final Duration HANDSHAKE = Duration.ofMillis(500);

  /// So many changes of sockets in a row have the first wait for that.
  private static final int MOST_LEAVING = 8;

  private final ListenerServices services;
  private final List<ListenerShard> shards;
  private final List<ListenerStats> stats = new ArrayList<>();
  private final Quota quota = new Quota();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private ListenerConfig config;
  private ListenSockets sockets = ListenSockets.NONE;
  private @Nullable ListenerChange pending;
  private final List<ListenSockets> leaving = new ArrayList<>();
  private boolean stopped;
  private boolean ending;
  private volatile @Nullable Generation current;

  /// A listener that does nothing yet.
  ///
  /// @param config which is going to be the first that is prepared
  public ActiveListener(ListenerConfig config, ListenerServices services) {
    this.config = config;
    this.services = services;
    this.shards =
        services.loops().workers().stream()
            .map(worker -> new ListenerShard(worker, this::current, services))
            .toList();
  }

  private Generation current() {
    var generation = current;
    if (generation == null) {
      throw new IllegalStateException(config.name() + " has no configuration in force");
    }
    return generation;
  }

  /// Makes a configuration live without putting it in force; the first one too. What was prepared
  /// before, and is not in force, is given up.
  ///
  /// Once it is applied, new connections find the new one; open ones go on under their own, but for
  /// those whose filter chain is gone or admits others now: they are closed one by one in the
  /// course of the drain time. If the sockets change, the new ones listen before the old ones stop.
  ///
  /// @throws IOException if it cannot be, with the text for the control plane: an address that
  ///   cannot be bound, an access log that cannot be opened. What was before stays.
  public ListenerChange prepare(ListenerConfig next) throws IOException {
    services.main().check();
    if (next.bind().reusePort() != config.bind().reusePort()) {
      throw new IOException(
          "Listener " + next.name() + ": reuse port cannot be changed during an update");
    }
    var counts = statsOf(next);
    try {
      var gate = new Gate(next, quota, services.surroundings().limit(), counts);
      var generation = Generation.of(next, counts, gate, services);
      try {
        var change = new ListenerChange(this, generation, counts, socketsFor(next));
        discard(pending);
        pending = change;
        return change;
      } catch (IOException e) {
        generation.retire();
        throw e;
      }
    } catch (IOException e) {
      closeUnlessUsed(counts);
      throw e;
    }
  }

  private ListenerStats statsOf(ListenerConfig next) {
    boolean same =
        !stats.isEmpty() && ListenerStats.prefix(next).equals(ListenerStats.prefix(config));
    return same
        ? stats.getLast()
        : new ListenerStats(
            services.telemetry().stats(), ListenerStats.prefix(next), shards.size());
  }

  private void closeUnlessUsed(ListenerStats counts) {
    if (!stats.contains(counts)) {
      counts.close();
    }
  }

  /// @return null if it keeps those that it has
  private @Nullable ListenSockets socketsFor(ListenerConfig next) throws IOException {
    if (stopped || (current != null && next.bind().equals(config.bind()))) {
      return null;
    }
    var before = pending;
    if (before != null && next.bind().equals(before.generation().config().bind())) {
      return before.takeSockets();
    }
    if (current != null && !next.bind().reusePort() && isAtSameAddress(next)) {
      return null;
    }
    return ListenSockets.open(next.bind(), services.loops());
  }

  /// Whether its only socket can go on, since a second one cannot have the address beside it.
  ///
  /// @throws IOException if it cannot, and there is no other way
  private boolean isAtSameAddress(ListenerConfig next) throws IOException {
    if (!next.bind().addresses().equals(config.bind().addresses())) {
      return false;
    }
    if (!next.bind().sockets().equals(config.bind().sockets())) {
      throw new IOException(
          "Listener "
              + next.name()
              + ": doesn't support update any socket options when the reuse port isn't enabled");
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "listener {0}: goes on with the socket that it has, and how connections are taken from it",
        next.name());
    return true;
  }

  /// Puts in force what was prepared.
  ListenerOutcome apply(ListenerChange change) {
    services.main().check();
    if (pending != change) {
      throw new IllegalStateException(config.name() + ": another change has taken its place");
    }
    var opened = change.takeSockets();
    boolean later = sockets == ListenSockets.NONE && mustWait(change.generation().config());
    try {
      if (opened != null && !later) {
        opened.listen();
      }
    } catch (IOException e) {
      opened.discard();
      discard(change);
      return new ListenerOutcome.Refused(String.valueOf(e.getMessage()));
    }
    pending = null;
    replaceGeneration(change);
    if (opened != null) {
      if (!later) {
        opened.accept(shards, config.bind());
      }
      leave(sockets, opened);
      sockets = opened;
      if (later) {
        listenWhenReady(opened);
      }
    }
    return new ListenerOutcome.Applied();
  }

  /// Connections that are on their way to the old sockets are taken in there; new ones go to the
  /// others where those listen at the same address.
  private void leave(ListenSockets old, ListenSockets next) {
    leaving.add(old);
    if (!old.yieldTo(next, leaving.size()) || leaving.size() > MOST_LEAVING) {
      leaveNow(next);
      return;
    }
    services
        .main()
        .schedule(
            HANDSHAKE,
            () -> {
              if (sockets == next) { // else a later change sees to it
                leaveNow(next);
              }
            });
  }

  private void leaveNow(ListenSockets next) {
    while (!leaving.isEmpty()) {
      leaving.removeLast().closeBehind(next, leaving.size() + 1);
    }
  }

  /// Whether sockets that were replaced still take in what was on its way to them.
  boolean isLeaving() {
    return !leaving.isEmpty();
  }

  private boolean mustWait(ListenerConfig next) {
    return next.limits().requireReadyUpstream()
        && !new UpstreamReadiness(next, services.filters().clusters()).isReady();
  }

  /// Until a host is healthy the sockets are bound, and the kernel refuses connections. Hosts come
  /// and go without telling, so they are looked at from time to time.
  private void listenWhenReady(ListenSockets bound) {
    services
        .main()
        .schedule(
            READINESS_INTERVAL,
            () -> {
              if (sockets != bound) {
                return; // stopped, or moved
              }
              if (mustWait(config)) {
                listenWhenReady(bound);
              } else {
                listenNow(bound);
              }
            });
  }

  private void listenNow(ListenSockets bound) {
    try {
      bound.listen();
      bound.accept(shards, config.bind());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "listener {0}: {1}", config.name(), e.getMessage());
    }
  }

  private void replaceGeneration(ListenerChange change) {
    var before = current;
    var after = change.generation();
    if (!stats.contains(change.stats())) {
      stats.add(change.stats());
    }
    current = after;
    config = after.config();
    quota.wakeAll();
    if (before != null) {
      var gone = new HashSet<>(before.admissions());
      gone.removeAll(after.admissions());
      if (!gone.isEmpty()) {
        drain(gone);
      }
      before.retire();
      askBack(after);
    }
  }

  /// Connections whose chain is not as it was are asked to come back, where their protocol can ask:
  /// they would go by routes that are no more.
  private void askBack(Generation after) {
    var kept = after.chainConfigs();
    shards.forEach(shard ->
        shard.worker().execute(() -> shard.replaced(chain -> !kept.contains(chain.config()))));
  }

  void discard(@Nullable ListenerChange change) {
    if (change != null && change == pending) {
      pending = null;
      closeSockets(change);
      change.generation().retire();
      closeUnlessUsed(change.stats());
    }
  }

  private static void closeSockets(ListenerChange change) {
    var opened = change.takeSockets();
    if (opened != null) {
      opened.discard();
    }
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
    if (pending != null) {
      closeSockets(pending);
    }
    leaveNow(sockets);
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

  /// Closes some connections one by one in the course of that time, because an operator wants it.
  ///
  /// @param done runs on the main loop when the last of them is closed
  public void drain(Predicate<Connection> which, Duration time, Runnable done) {
    services.main().check();
    onEachShard((shard, ready) -> shard.drainAsked(which, time.toMillis(), ready), done);
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
    discard(pending);
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

  /// Whether it takes new connections.
  public boolean accepting() {
    return current != null && !stopped;
  }

  /// Where it listens, with the real ports; empty before it does and after [#stop].
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
