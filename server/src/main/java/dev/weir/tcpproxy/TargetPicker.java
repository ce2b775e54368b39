package dev.weir.tcpproxy;

import dev.weir.config.SubsetMatch;
import dev.weir.config.TcpProxyConfig;
import dev.weir.config.TcpProxyConfig.Target;
import dev.weir.upstream.balance.SubsetKey;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Where a connection is to go: the one cluster, or one drawn by weight for each attempt.
/// Immutable.
final class TargetPicker {

  /// A cluster, and which subset of it.
  record Choice(String cluster, SubsetKey subset) {}

  private final Choice[] choices;

  /// For each choice, the sum of its weight and of those before it.
  private final long[] upTo;

  private TargetPicker(List<Choice> choices, long[] upTo) {
    this.choices = choices.toArray(Choice[]::new);
    this.upTo = upTo;
  }

  static TargetPicker of(TcpProxyConfig config) {
    return switch (config.target()) {
      case Target.Single(var cluster) ->
          new TargetPicker(List.of(choice(cluster, config.metadataMatch())), new long[] {1});
      case Target.Weighted(var shares, _) -> {
        long[] upTo = shares.stream().mapToLong(Target.Share::weight).toArray();
        Arrays.parallelPrefix(upTo, Long::sum);
        yield new TargetPicker(
            shares.stream().map(share -> choice(share.cluster(), share.metadataMatch())).toList(),
            upTo);
      }
    };
  }

  private static Choice choice(String cluster, SubsetMatch match) {
    return new Choice(cluster, SubsetKey.of(match));
  }

  /// The choice for one attempt.
  Choice pick(RandomGenerator random) {
    if (choices.length == 1) {
      return choices[0];
    }
    long drawn = random.nextLong(upTo[upTo.length - 1]);
    int i = Arrays.binarySearch(upTo, drawn + 1);
    return choices[i < 0 ? -i - 1 : i];
  }
}
