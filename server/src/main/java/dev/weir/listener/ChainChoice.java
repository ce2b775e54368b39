package dev.weir.listener;

import dev.weir.config.MatcherConfig;
import dev.weir.connection.ConnectionInfo;
import dev.weir.connection.FilterChain;
import dev.weir.connection.match.ConnectionFacts;
import dev.weir.connection.match.Matcher;
import dev.weir.telemetry.ConnectionRecord;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How the filter chain of a connection is found. Built at a push; immutable.
sealed interface ChainChoice {

  /// The chain; null if none serves the connection.
  @Nullable FilterChain find(ConnectionInfo info, ConnectionRecord record);

  /// By a matcher if there is one, else by what the chains ask for.
  ///
  /// @param fallback for connections that match none; null for none
  static ChainChoice of(
      @Nullable MatcherConfig<String> matcher,
      List<FilterChain> chains,
      @Nullable FilterChain fallback) {
    if (matcher == null) {
      return new ByMatch(
          FilterChainIndex.of(
              chains.stream()
                  .map(chain -> new FilterChainIndex.Entry<>(chain.config().match(), chain))
                  .toList()),
          fallback);
    }
    var byName =
        chains.stream()
            .collect(Collectors.toMap(chain -> chain.config().name(), Function.identity()));
    return new ByName(Matcher.of(matcher), byName, fallback);
  }

  /// By the nine things that chains may ask for.
  record ByMatch(FilterChainIndex<FilterChain> index, @Nullable FilterChain fallback)
      implements ChainChoice {
    @Override
    public @Nullable FilterChain find(ConnectionInfo info, ConnectionRecord record) {
      var chain = index.find(info);
      return chain == null ? fallback : chain;
    }
  }

  /// By the name that a matcher finds. A name that no chain has closes the connection.
  record ByName(
      Matcher<String> matcher, Map<String, FilterChain> chains, @Nullable FilterChain fallback)
      implements ChainChoice {
    @Override
    public @Nullable FilterChain find(ConnectionInfo info, ConnectionRecord record) {
      var name = matcher.find(new ConnectionFacts(info, record));
      return name == null ? fallback : chains.get(name);
    }
  }
}
