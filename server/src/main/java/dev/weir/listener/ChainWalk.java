package dev.weir.listener;

import dev.weir.config.FilterChainConfig;
import dev.weir.config.ListenerConfig;
import dev.weir.config.MatcherConfig;
import dev.weir.connection.ConnectionInfo;
import dev.weir.connection.match.ConnectionFacts;
import dev.weir.connection.match.Matcher;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.TimeSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which filter chain a connection would be served by, and why, for people to read.
///
/// @param steps level by level, until there was no way on
/// @param chain null where none serves it
/// @param byDefault whether that is the default chain, as no other matched
public record ChainWalk(List<Step> steps, @Nullable FilterChainConfig chain, boolean byDefault) {
  private static final String ANY = "any";

  /// One level of the search.
  ///
  /// @param field of `FilterChainMatch` that it looks at
  /// @param seen what the connection has there; may be empty
  /// @param ways what chains ask for there; `any` if some ask for nothing
  /// @param taken one of those; null if none fits, which ends the search
  public record Step(String field, String seen, List<String> ways, @Nullable String taken) {
    @SuppressWarnings("ReferenceEquality") // which way it is, not one like it
    static <C> Step of(MatchLevel.Fork<C> fork, String seen, @Nullable MatchLevel<C> next) {
      var ways = new ArrayList<String>();
      String taken = null;
      for (var way : fork.ways().entrySet()) {
        ways.add(way.getKey().toString());
        if (way.getValue() == next) {
          taken = way.getKey().toString();
        }
      }
      if (fork.any() != null) {
        ways.add(ANY);
        taken = taken == null && next != null ? ANY : taken;
      }
      return new Step(fork.field(), seen, List.copyOf(ways), taken);
    }
  }

  /// Searches these chains.
  public static ChainWalk of(ListenerConfig.Chains chains, ConnectionInfo info) {
    var matcher = chains.matcher();
    return matcher == null ? byMatch(chains, info) : byMatcher(matcher, chains, info);
  }

  /// A matcher is asked as a whole. What listener filters would leave on the connection for it is
  /// not known.
  private static ChainWalk byMatcher(
      MatcherConfig<String> matcher, ListenerConfig.Chains chains, ConnectionInfo info) {
    var record = new ConnectionRecord(0, TimeSource.SYSTEM);
    var name = Matcher.of(matcher).find(new ConnectionFacts(info, record));
    var names = chains.chains().stream().map(FilterChainConfig::name).toList();
    var step = new Step("filter_chain_matcher", "", names, name);
    var found = chains.chains().stream().filter(chain -> chain.name().equals(name)).findFirst();
    return name == null
        ? new ChainWalk(List.of(step), chains.defaultChain(), chains.defaultChain() != null)
        : new ChainWalk(List.of(step), found.orElse(null), false);
  }

  private static ChainWalk byMatch(ListenerConfig.Chains chains, ConnectionInfo info) {
    var entries =
        chains.chains().stream()
            .map(chain -> new FilterChainIndex.Entry<>(chain.match(), chain))
            .toList();
    var index = FilterChainIndex.of(entries);
    var found = index.find(info);
    return found == null
        ? new ChainWalk(index.explain(info), chains.defaultChain(), chains.defaultChain() != null)
        : new ChainWalk(index.explain(info), found, false);
  }
}
