package dev.weir.upstream.host;

import dev.weir.telemetry.Counter;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The connections to one host, by worker. Each worker keeps its own; the main loop may ask all of
/// them to close theirs.
public final class HostConnections {
  private final AtomicReference<@Nullable AtomicReferenceArray<@Nullable Shard>> shards =
      new AtomicReference<>();

  HostConnections() {}

  /// A connection, linked to those of the same host and worker while it is open. Its worker only.
  public abstract static class Member {
    private Member next = this;
    private Member previous = this;

    /// The host is lost: closes the connection.
    protected abstract void onHostLost();

    /// Takes it out of the others; without effect if it is not among them.
    protected final void leave() {
      next.previous = previous;
      previous.next = next;
      next = this;
      previous = this;
    }

    @SuppressWarnings("ReferenceEquality") // a ring is about identity
    private boolean isLinked() {
      return next != this;
    }
  }

  /// The connections of one worker.
  private static final class Shard extends Member {
    private final Worker worker;
    private @Nullable Drain drain;
    private @Nullable ArrayDeque<Runnable> queue;

    Shard(Worker worker) {
      this.worker = worker;
    }

    void add(Member member) {
      member.previous = super.previous;
      member.next = this;
      super.previous.next = member;
      super.previous = member;
    }

    List<Member> members() {
      var members = new ArrayList<Member>();
      for (var it = super.next; it != this; it = it.next) {
        members.add(it);
      }
      return members;
    }

    void drain(long millis, Counter closed) {
      stay();
      var next = new Drain(worker, members(), millis, closed);
      drain = next;
      next.goOn();
    }

    void next() {
      var turn = queue == null ? null : queue.poll();
      if (turn != null) {
        turn.run();
      }
    }

    void stay() {
      if (drain != null) {
        worker.timers().disarm(drain);
        drain = null;
      }
    }

    @Override
    protected void onHostLost() {
      throw new IllegalStateException("a shard is no connection");
    }
  }

  /// Closes connections one by one, spread over a time, so that their clients do not all come back
  /// at once.
  private static final class Drain extends TimerWheel.Node {
    private final Worker worker;
    private final List<Member> leaving;
    private final long begin;
    private final long time;
    private final Counter closed;
    private int at;

    Drain(Worker worker, List<Member> leaving, long time, Counter closed) {
      this.worker = worker;
      this.leaving = leaving;
      this.begin = worker.now();
      this.time = time;
      this.closed = closed;
      Collections.shuffle(leaving, ThreadLocalRandom.current());
    }

    @Override
    protected void fire() {
      close(leaving.get(at++), closed);
      goOn();
    }

    /// Each connection has a slice of the time, in which it is closed at random.
    void goOn() {
      while (at < leaving.size() && !leaving.get(at).isLinked()) {
        at++;
      }
      if (at < leaving.size()) {
        double slice = (double) time / leaving.size();
        double within = ThreadLocalRandom.current().nextDouble();
        worker.timers().arm(this, begin + Math.round((at + within) * slice));
      }
    }
  }

  private static void close(Member member, Counter closed) {
    closed.increment();
    member.onHostLost();
  }

  /// Takes in a connection that is being made. Its worker.
  public void add(Worker worker, Member member) {
    var all = shards.get();
    if (all == null) {
      var first = new AtomicReferenceArray<@Nullable Shard>(worker.concurrency());
      all = shards.compareAndSet(null, first) ? first : Objects.requireNonNull(shards.get());
    }
    var shard = all.get(worker.index());
    if (shard == null) {
      shard = new Shard(worker);
      all.set(worker.index(), shard);
    }
    shard.add(member);
  }

  /// Whether this worker has none. That worker.
  public boolean isEmpty(Worker worker) {
    var shard = shard(worker);
    return shard == null || !((Member) shard).isLinked();
  }

  private @Nullable Shard shard(Worker worker) {
    var all = shards.get();
    return all == null ? null : all.get(worker.index());
  }

  /// Runs something when a connection of this worker is gone, in the order of asking. That worker,
  /// which has a connection.
  public void await(Worker worker, Runnable turn) {
    var shard = shard(worker);
    if (shard == null) {
      throw new IllegalStateException("nothing to wait for");
    }
    if (shard.queue == null) {
      shard.queue = new ArrayDeque<>();
    }
    shard.queue.add(turn);
  }

  /// Does not run it any more. That worker.
  public void forget(Worker worker, Runnable turn) {
    var shard = shard(worker);
    if (shard != null && shard.queue != null) {
      shard.queue.remove(turn);
    }
  }

  /// A connection of this worker is gone. That worker.
  public void left(Worker worker) {
    var shard = shard(worker);
    if (shard != null && shard.queue != null && !shard.queue.isEmpty()) {
      worker.execute(shard::next);
    }
  }

  /// Closes all that there are now. Any thread.
  ///
  /// @param closed counts them
  public void closeAll(Counter closed) {
    onWorkers(shard -> {
      shard.stay();
      shard
          .members()
          .forEach(member -> {
            if (member.isLinked()) {
              close(member, closed);
            }
          });
    });
  }

  /// Closes all that there are now, spread over this time. Any thread.
  ///
  /// @param closed counts them
  public void drain(long millis, Counter closed) {
    onWorkers(shard -> shard.drain(millis, closed));
  }

  /// Lets those stay that have not been closed yet. Any thread.
  public void stay() {
    onWorkers(Shard::stay);
  }

  private void onWorkers(Consumer<Shard> task) {
    var all = shards.get();
    for (int i = 0; all != null && i < all.length(); i++) {
      var shard = all.get(i);
      if (shard != null) {
        shard.worker.execute(() -> task.accept(shard));
      }
    }
  }
}
