package dev.weir.upstream.balance;

import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import dev.weir.config.MetadataValue.Items;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the balancers of a cluster with subsets. A subset that nothing has changed in goes on with
/// the balancer that it has.
final class SubsetBalancers implements Balancers {
  /// Of a subset that may have one host only: that host, well or not.
  private static final Balancers SINGLE = (table, _) -> new SingleHost(table.hosts().getFirst());

  private final SubsetConfig config;
  private final Balancers inner;
  private final BalancerStats stats;
  private final Surroundings surroundings;

  /// @param inner for each subset
  SubsetBalancers(
      SubsetConfig config, Balancers inner, BalancerStats stats, Surroundings surroundings) {
    this.config = config;
    this.inner = inner;
    this.stats = stats;
    this.surroundings = surroundings;
  }

  @Override
  public LoadBalancer build(HostTable table, @Nullable LoadBalancer before) {
    var old = before instanceof SubsetBalancer balancer ? balancer : null;
    var hosts = table.hosts();
    var groups = SubsetGroups.of(hosts, config, old == null ? null : old.groups());
    var any = subset(hosts, table, inner, old == null ? null : old.any());
    var chosen = hosts.stream().filter(this::inDefaultSubset).toList();
    var defaults = subset(chosen, table, inner, old == null ? null : old.defaults());
    var subsets = new HashMap<String, Subset>();
    groups
        .groups()
        .forEach((key, group) ->
            subsets.put(
                key,
                subset(
                    group.hosts(),
                    table,
                    group.selector().singleHostPerSubset() ? SINGLE : inner,
                    old == null ? null : old.subsets().get(key))));
    count(groups, old == null ? Map.of() : old.subsets(), subsets);
    var planner = new SubsetPlanner(config, subsets, any, defaults, stats);
    return new SubsetBalancer(groups, subsets, any, defaults, planner, surroundings.threads());
  }

  @Override
  public void retire(LoadBalancer last) {
    if (last instanceof SubsetBalancer balancer) {
      stats.subsetsChanged(0, balancer.subsets().size(), surroundings.threads());
    }
  }

  private void count(SubsetGroups groups, Map<String, Subset> before, Map<String, Subset> after) {
    int kept = 0;
    for (var key : after.keySet()) {
      kept += before.containsKey(key) ? 1 : 0;
    }
    stats.subsetsChanged(after.size() - kept, before.size() - kept, surroundings.threads());
    stats.singleHostDuplicates(groups.duplicates());
  }

  private boolean inDefaultSubset(Host host) {
    var pairs = host.metadata().in(Metadata.LB);
    for (var wanted : config.defaultSubset().criteria().entrySet()) {
      if (!matches(wanted.getValue(), pairs.get(wanted.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private boolean matches(MetadataValue wanted, @Nullable MetadataValue has) {
    return (config.options().listAsAny() && has instanceof Items(var items))
        ? items.contains(wanted)
        : wanted.equals(has);
  }

  private Subset subset(
      List<Host> hosts, HostTable whole, Balancers balancers, @Nullable Subset before) {
    return Subset.of(hosts, layout(hosts, whole), balancers, before);
  }

  private Subset.Layout layout(List<Host> hosts, HostTable whole) {
    return new Subset.Layout(
        shape(hosts, whole), whole.localities(), surroundings.gateways().get());
  }

  private Shape shape(List<Host> hosts, HostTable whole) {
    if (!config.options().localityWeightAware()) {
      return whole.shape().withoutLocalityWeights();
    }
    return config.options().scaleLocalityWeight() ? scaled(hosts, whole) : whole.shape();
  }

  /// Weighs each locality by how many of its hosts are in the subset.
  private static Shape scaled(List<Host> hosts, HostTable whole) {
    var weights = new ArrayList<Map<Locality, Long>>();
    for (var set : whole.priorities()) {
      var scaled = new HashMap<Locality, Long>();
      for (var locality : set.localities()) {
        long members =
            hosts.stream()
                .filter(host -> host.info().place().priority() == set.priority())
                .filter(host -> host.locality().equals(locality.locality()))
                .count();
        float share = (float) (locality.weight() * members) / locality.hosts().all().size();
        scaled.put(locality.locality(), (long) Math.round(share));
      }
      weights.add(Map.copyOf(scaled));
    }
    return whole.shape().withLocalityWeights(weights);
  }
}
