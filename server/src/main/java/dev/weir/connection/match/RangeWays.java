package dev.weir.connection.match;

import dev.weir.config.CidrRange;
import dev.weir.config.MatcherConfig.IpWay;
import dev.weir.connection.match.Matcher.IpRanges.RangeWay;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Builds the trie of an IP matcher: a range leads to its own ways in the order in which they were
/// configured, and after them to those of the larger ranges around it, the smallest first.
final class RangeWays {
  private RangeWays() {}

  static <A> PrefixTrie<List<RangeWay<A>>> trie(List<IpWay<A>> configs) {
    var own = new LinkedHashMap<CidrRange, List<RangeWay<A>>>();
    for (var config : configs) {
      var way = new RangeWay<>(Matcher.Way.of(config.outcome()), config.exclusive());
      config.ranges().forEach(range -> own.computeIfAbsent(range, _ -> new ArrayList<>()).add(way));
    }
    var all = new HashMap<CidrRange, List<RangeWay<A>>>();
    own.keySet().forEach(range -> all.put(range, around(range, own)));
    return new PrefixTrie<>(all);
  }

  private static <A> List<RangeWay<A>> around(
      CidrRange range, Map<CidrRange, List<RangeWay<A>>> own) {
    return own.entrySet().stream()
        .filter(entry -> entry.getKey().prefixLength() <= range.prefixLength())
        .filter(entry -> entry.getKey().contains(range.network()))
        .sorted(Comparator.comparingInt(entry -> -entry.getKey().prefixLength()))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }
}
