package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostList;
import org.jspecify.annotations.Nullable;

/// Evenly weighted hosts in turn, each worker beginning somewhere else.
final class RoundRobin implements LoadBalancer {
  private final HostList hosts;
  private final PerWorker<Cursor> cursors;

  private static final class Cursor {
    private long next;

    Cursor(long next) {
      this.next = next;
    }
  }

  private RoundRobin(HostList hosts, PerWorker<Cursor> cursors) {
    this.hosts = hosts;
    this.cursors = cursors;
  }

  /// Begins a rotation.
  RoundRobin(HostList hosts, int workers) {
    this(hosts, new PerWorker<>(workers, request -> new Cursor(request.draw() >>> 1)));
  }

  /// The same rotation over other hosts.
  RoundRobin over(HostList others) {
    return new RoundRobin(others, cursors);
  }

  @Override
  public @Nullable Host pick(PickRequest request) {
    if (hosts.isEmpty()) {
      return null;
    }
    return hosts.get((int) (cursors.of(request).next++ % hosts.size()));
  }
}
