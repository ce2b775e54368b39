package dev.weir.upstream.balance;

import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostList;
import org.jspecify.annotations.Nullable;

/// Hosts in turn, as often as they weigh. What a host weighs may depend on its load or its age.
final class WeightedPick implements LoadBalancer {
  private final HostList hosts;
  private final Weighing weighing;
  private final PerWorker<EdfSchedule> schedules;

  /// @param hosts at least one
  WeightedPick(HostList hosts, Weighing weighing, int workers) {
    this.hosts = hosts;
    this.weighing = weighing;
    this.schedules = new PerWorker<>(workers, this::schedule);
  }

  private EdfSchedule schedule(PickRequest request) {
    long start = request.draw();
    return weighing.equals(Weighing.CONFIGURED)
        ? EdfSchedule.fixed(hosts.size(), i -> (double) hosts.weight(i), start)
        : EdfSchedule.changing(
            hosts.size(), i -> weighing.weigh(hosts.get(i), (double) hosts.weight(i)), start);
  }

  /// Whether it picks from these very hosts with these weights.
  boolean isOver(HostList others) {
    return hosts.sameAs(others);
  }

  @Override
  public @Nullable Host pick(PickRequest request) {
    return hosts.get(schedules.of(request).next());
  }
}
