package dev.weir.upstream.balance;

import dev.weir.upstream.host.HostList;
import dev.weir.upstream.host.HostSet;
import dev.weir.upstream.host.HostsByHealth;
import dev.weir.upstream.host.LocalityHosts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The hosts of one priority that a hash may lead to, with weights that sum up to 1. Immutable.
final class HashWeights {
  private final HostList hosts;
  private final double[] weights;
  private double least = 1;
  private double most;

  private HashWeights(HostList hosts, double[] weights) {
    this.hosts = hosts;
    this.weights = weights;
    for (double weight : weights) {
      least = Math.min(least, weight);
      most = Math.max(most, weight);
    }
  }

  /// The healthy hosts of a priority, or all of them in panic.
  static HashWeights of(HostSet set, boolean panic) {
    return set.weighted() ? byLocality(set, panic) : of(eligible(set.hosts(), panic));
  }

  /// These hosts by their own weights.
  static HashWeights of(HostList hosts) {
    var weights = new double[hosts.size()];
    normalize(hosts, 1, weights, 0);
    return new HashWeights(hosts, weights);
  }

  /// A host's share of its locality's share; localities of weight 0 are left out.
  private static HashWeights byLocality(HostSet set, boolean panic) {
    var localities = set.localities().stream().filter(locality -> locality.weight() > 0).toList();
    double sum = localities.stream().mapToLong(LocalityHosts::weight).sum();
    var lists = new ArrayList<HostList>();
    for (var locality : localities) {
      lists.add(eligible(locality.hosts(), panic));
    }
    var hosts = HostList.concat(lists);
    var weights = new double[hosts.size()];
    int at = 0;
    for (int i = 0; i < lists.size(); i++) {
      normalize(lists.get(i), localities.get(i).weight() / sum, weights, at);
      at += lists.get(i).size();
    }
    return new HashWeights(hosts, weights);
  }

  private static HostList eligible(HostsByHealth hosts, boolean panic) {
    return panic ? hosts.all() : hosts.healthy();
  }

  private static void normalize(HostList hosts, double share, double[] weights, int at) {
    double sum = hosts.totalWeight();
    for (int i = 0; i < hosts.size(); i++) {
      weights[at + i] = hosts.weight(i) * share / sum;
    }
  }

  HostList hosts() {
    return hosts;
  }

  double weight(int index) {
    return weights[index];
  }

  /// The smallest weight; 1 where there are no hosts.
  double least() {
    return least;
  }

  /// The greatest weight; 0 where there are no hosts.
  double most() {
    return most;
  }

  /// What each host is hashed by.
  ///
  /// @param useHostname the host's name instead of its address
  List<byte[]> keys(boolean useHostname) {
    var keys = new ArrayList<byte[]>(hosts.size());
    for (int i = 0; i < hosts.size(); i++) {
      keys.add(HashKeys.of(hosts.get(i).address(), hosts.info(i), useHostname));
    }
    return keys;
  }

  boolean sameAs(HashWeights other) {
    return hosts.sameAs(other.hosts) && Arrays.equals(weights, other.weights);
  }
}
