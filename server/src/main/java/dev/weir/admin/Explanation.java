package dev.weir.admin;

import dev.weir.config.SubsetMatch;
import dev.weir.listener.ChainWalk;
import dev.weir.upstream.balance.PickTrail;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a connection would go, and why. Immutable.
///
/// @param listener its name
/// @param source as the gateway would see it
/// @param destination where it connects to
/// @param chain the filter chain; empty where none serves it
/// @param filters the chain's filters in order; those before the last may still refuse
/// @param clusters where the last filter sends it; of several one is drawn by weight
/// @param hashInput the text that `hash_policy` hashes; null for none
record Explanation(
    String listener,
    String source,
    String destination,
    ChainWalk walk,
    String chain,
    List<String> filters,
    List<Destination> clusters,
    @Nullable String hashInput) {

  /// A cluster that it may be sent to.
  ///
  /// @param weight of the weight of all
  /// @param match the subset that is asked for
  /// @param live null where no such cluster serves
  record Destination(
      String cluster, long weight, long ofWeight, SubsetMatch match, @Nullable Live live) {}

  /// What is there of a cluster.
  ///
  /// @param policy such as `ring_hash`
  /// @param hasSubsets whether it heeds the match
  record Live(String policy, boolean hasSubsets, PickTrail trail) {
    /// Whether the policy goes by hashes.
    boolean hashes() {
      return policy.equals("ring_hash") || policy.equals("maglev");
    }
  }

  /// What would come of it, in a sentence.
  String outcome() {
    if (chain.isEmpty()) {
      return "closed: no filter chain matches (NR)";
    }
    if (filters.isEmpty()) {
      return "closed: the filter chain has no filters";
    }
    return switch (clusters.size()) {
      case 0 -> "the last filter, " + filters.getLast() + ", decides";
      case 1 -> outcome(clusters.getFirst());
      default -> "one of " + clusters.size() + " clusters, drawn by weight for each attempt";
    };
  }

  private static String outcome(Destination destination) {
    var live = destination.live;
    if (live == null) {
      return "closed: no such cluster (NC)";
    }
    if (!live.trail.leadsAnywhere()) {
      return "closed: no host to be had (UH)";
    }
    var hashed = live.trail.hashed();
    if (hashed != null) {
      return "connected to " + hashed.address();
    }
    var eligible =
        live.trail.tiers().stream()
            .flatMap(tier -> tier.candidates().stream())
            .filter(PickTrail.Candidate::eligible)
            .map(candidate -> candidate.host().address().toString())
            .toList();
    return eligible.size() == 1
        ? "connected to " + eligible.getFirst()
        : "connected to one of " + eligible.size() + " hosts";
  }
}
