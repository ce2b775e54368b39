package dev.weir.tcpproxy;

import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.config.SubsetMatch;
import dev.weir.config.TcpProxyConfig;
import dev.weir.config.TcpProxyConfig.Target;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.upstream.balance.SubsetKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Where a connection is to go: the one cluster, or one drawn by weight for each attempt.
/// Immutable.
final class TargetPicker {

  /// A cluster, and which subset of it.
  record Choice(String cluster, SubsetMatch match, SubsetKey subset) {
    static Choice of(String cluster, SubsetMatch match) {
      return new Choice(cluster, match, SubsetKey.of(match));
    }

    /// What metadata filters have found out about a connection goes before what is configured.
    Choice with(Map<String, MetadataValue> metadata) {
      return metadata.isEmpty() ? this : of(cluster, match.mergedWith(new SubsetMatch(metadata)));
    }
  }

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
          new TargetPicker(List.of(Choice.of(cluster, config.metadataMatch())), new long[] {1});
      case Target.Weighted(var shares, _) -> {
        long[] upTo = shares.stream().mapToLong(Target.Share::weight).toArray();
        Arrays.parallelPrefix(upTo, Long::sum);
        yield new TargetPicker(
            shares.stream()
                .map(share -> Choice.of(share.cluster(), share.metadataMatch()))
                .toList(),
            upTo);
      }
    };
  }

  /// The choice for one attempt of a connection. A filter may have chosen a cluster for it.
  Choice pick(ConnectionRecord connection, RandomGenerator random) {
    var own = connection.filterState(StateFactory.TCP_PROXY_CLUSTER.key());
    var choice =
        own instanceof StateValue.Text(var cluster, _)
            ? Choice.of(cluster, SubsetMatch.NONE)
            : pick(random);
    return choice.with(connection.metadata(Metadata.LB));
  }

  private Choice pick(RandomGenerator random) {
    if (choices.length == 1) {
      return choices[0];
    }
    long drawn = random.nextLong(upTo[upTo.length - 1]);
    int i = Arrays.binarySearch(upTo, drawn + 1);
    return choices[i < 0 ? -i - 1 : i];
  }
}
