package dev.weir.listener;

import dev.weir.config.FilterChainMatch;
import dev.weir.config.FilterChainMatch.SourceType;
import dev.weir.connection.ConnectionInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds the filter chain of a connection, by the nine things that a match may ask for, in Envoy's
/// order. Built whole at a push; immutable.
///
/// Each level takes the most specific way there is, and stays with it: if the rest does not match
/// there, no other way is tried.
///
/// @param <C> what is found
final class FilterChainIndex<C> {
  private final @Nullable MatchLevel<C> top;

  /// A chain and whom it serves.
  record Entry<C>(FilterChainMatch match, C chain) {}

  private FilterChainIndex(@Nullable MatchLevel<C> top) {
    this.top = top;
  }

  /// @throws IllegalStateException if two chains serve the same connections, which decoding has to
  ///   refuse
  static <C> FilterChainIndex<C> of(List<Entry<C>> entries) {
    return new FilterChainIndex<>(entries.isEmpty() ? null : byDestinationPort(entries));
  }

  /// The chain for this connection; null if none matches.
  @Nullable C find(ConnectionInfo info) {
    return top == null ? null : top.find(info);
  }

  /// The levels that are looked at on the way to that chain, each with the way that is taken.
  List<ChainWalk.Step> explain(ConnectionInfo info) {
    var steps = new ArrayList<ChainWalk.Step>();
    var level = top;
    while (level instanceof MatchLevel.Fork<C> fork) {
      level = fork.next(info);
      steps.add(ChainWalk.Step.of(fork, fork.seen(info), level));
    }
    return List.copyOf(steps);
  }

  private static <C> MatchLevel<C> byDestinationPort(List<Entry<C>> entries) {
    var ways =
        split(entries, m -> portOrNone(m.destinationPort()), FilterChainIndex::byDestination);
    return new MatchLevel.Exact<>(
        "destination_port", i -> ConnectionInfo.port(i.localAddress()), ways.ways, ways.any);
  }

  private static List<Integer> portOrNone(int port) {
    return port == 0 ? List.of() : List.of(port);
  }

  private static <C> MatchLevel<C> byDestination(List<Entry<C>> entries) {
    var ways = split(entries, FilterChainMatch::destinationRanges, FilterChainIndex::byServerName);
    return MatchLevel.Range.of("prefix_ranges", ConnectionInfo::localAddress, ways.ways, ways.any);
  }

  private static <C> MatchLevel<C> byServerName(List<Entry<C>> entries) {
    var ways = split(entries, FilterChainMatch::serverNames, FilterChainIndex::byTransport);
    return MatchLevel.ServerName.of(ways.ways, ways.any);
  }

  private static <C> MatchLevel<C> byTransport(List<Entry<C>> entries) {
    var ways =
        split(
            entries,
            m -> m.transportProtocol().isEmpty() ? List.of() : List.of(m.transportProtocol()),
            FilterChainIndex::byAlpn);
    return new MatchLevel.Exact<>(
        "transport_protocol", ConnectionInfo::transportProtocol, ways.ways, ways.any);
  }

  private static <C> MatchLevel<C> byAlpn(List<Entry<C>> entries) {
    var ways =
        split(entries, FilterChainMatch::applicationProtocols, FilterChainIndex::byDirectSource);
    return new MatchLevel.Alpn<>(ways.ways, ways.any);
  }

  private static <C> MatchLevel<C> byDirectSource(List<Entry<C>> entries) {
    var ways = split(entries, m -> m.source().directRanges(), FilterChainIndex::bySourceType);
    return MatchLevel.Range.of(
        "direct_source_prefix_ranges", ConnectionInfo::directRemoteAddress, ways.ways, ways.any);
  }

  private static <C> MatchLevel<C> bySourceType(List<Entry<C>> entries) {
    var ways =
        split(
            entries,
            m -> m.source().type() == SourceType.ANY ? List.of() : List.of(m.source().type()),
            FilterChainIndex::bySource);
    return new MatchLevel.Locality<>(ways.ways, ways.any);
  }

  private static <C> MatchLevel<C> bySource(List<Entry<C>> entries) {
    var ways = split(entries, m -> m.source().ranges(), FilterChainIndex::bySourcePort);
    return MatchLevel.Range.of(
        "source_prefix_ranges", ConnectionInfo::remoteAddress, ways.ways, ways.any);
  }

  private static <C> MatchLevel<C> bySourcePort(List<Entry<C>> entries) {
    var ways = split(entries, m -> m.source().ports(), FilterChainIndex::only);
    return new MatchLevel.Exact<>(
        "source_ports", i -> ConnectionInfo.port(i.remoteAddress()), ways.ways, ways.any);
  }

  private static <C> MatchLevel<C> only(List<Entry<C>> entries) {
    if (entries.size() > 1) {
      throw new IllegalStateException("filter chains overlap: " + entries);
    }
    return new MatchLevel.Found<>(entries.getFirst().chain());
  }

  /// The ways on from one level: by what is asked for, and for those who ask for nothing.
  private record Ways<K, C>(Map<K, MatchLevel<C>> ways, @Nullable MatchLevel<C> any) {}

  private static <K, C> Ways<K, C> split(
      List<Entry<C>> entries,
      Function<FilterChainMatch, List<K>> asked,
      Function<List<Entry<C>>, MatchLevel<C>> next) {
    var groups = new LinkedHashMap<K, List<Entry<C>>>();
    var rest = new ArrayList<Entry<C>>();
    for (var entry : entries) {
      var keys = asked.apply(entry.match());
      if (keys.isEmpty()) {
        rest.add(entry);
      }
      for (var key : new LinkedHashSet<>(keys)) {
        groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(entry);
      }
    }
    var ways = new LinkedHashMap<K, MatchLevel<C>>();
    groups.forEach((key, group) -> ways.put(key, next.apply(group)));
    return new Ways<>(ways, rest.isEmpty() ? null : next.apply(rest));
  }
}
