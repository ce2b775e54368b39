package dev.weir.listener;

import dev.weir.config.CidrRange;
import dev.weir.config.FilterChainMatch.SourceType;
import dev.weir.connection.ConnectionInfo;
import dev.weir.connection.match.PrefixTrie;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One step in the search for a filter chain: it looks at one thing, chooses one way on, and never
/// comes back. Immutable.
///
/// @param <C> what is searched for
interface MatchLevel<C> {

  /// What is found from here on; null if nothing matches.
  @Nullable C find(ConnectionInfo info);

  /// The end of the way.
  record Found<C>(C what) implements MatchLevel<C> {
    @Override
    public C find(ConnectionInfo info) {
      return what;
    }
  }

  /// Goes on with a level, if there is one.
  private static <C> @Nullable C in(@Nullable MatchLevel<C> level, ConnectionInfo info) {
    return level == null ? null : level.find(info);
  }

  /// One exact value: a port, the transport protocol.
  record Exact<K, C>(
      Function<ConnectionInfo, K> value, Map<K, MatchLevel<C>> ways, @Nullable MatchLevel<C> any)
      implements MatchLevel<C> {
    @Override
    public @Nullable C find(ConnectionInfo info) {
      return in(ways.getOrDefault(value.apply(info), any), info);
    }
  }

  /// The longest address range. A Unix socket lies in none.
  record Range<C>(
      Function<ConnectionInfo, SocketAddress> address,
      PrefixTrie<MatchLevel<C>> ways,
      @Nullable MatchLevel<C> any)
      implements MatchLevel<C> {

    static <C> Range<C> of(
        Function<ConnectionInfo, SocketAddress> address,
        Map<CidrRange, MatchLevel<C>> ways,
        @Nullable MatchLevel<C> any) {
      return new Range<>(address, new PrefixTrie<>(ways), any);
    }

    @Override
    public @Nullable C find(ConnectionInfo info) {
      var ip = ConnectionInfo.ip(address.apply(info));
      var way = ip == null ? null : ways.find(ip);
      return in(way == null ? any : way, info);
    }
  }

  /// The SNI: the name itself, then `*.` with the longest rest of it.
  record ServerName<C>(
      Map<String, MatchLevel<C>> exact,
      Map<String, MatchLevel<C>> endings,
      @Nullable MatchLevel<C> any)
      implements MatchLevel<C> {

    static <C> ServerName<C> of(Map<String, MatchLevel<C>> ways, @Nullable MatchLevel<C> any) {
      var exact = new HashMap<String, MatchLevel<C>>();
      var endings = new HashMap<String, MatchLevel<C>>();
      ways.forEach((name, way) -> {
        if (name.startsWith("*.")) {
          endings.put(name.substring(1), way);
        } else {
          exact.put(name, way);
        }
      });
      return new ServerName<>(exact, endings, any);
    }

    @Override
    public @Nullable C find(ConnectionInfo info) {
      return in(wayFor(info.serverName()), info);
    }

    private @Nullable MatchLevel<C> wayFor(String name) {
      var way = exact.get(name);
      for (int dot = name.indexOf('.', 1);
          way == null && dot > 0;
          dot = name.indexOf('.', dot + 1)) {
        way = endings.get(name.substring(dot));
      }
      return way == null ? any : way;
    }
  }

  /// The first protocol of the client's that a chain serves.
  record Alpn<C>(Map<String, MatchLevel<C>> ways, @Nullable MatchLevel<C> any)
      implements MatchLevel<C> {
    @Override
    public @Nullable C find(ConnectionInfo info) {
      for (var protocol : info.applicationProtocols()) {
        var way = ways.get(protocol);
        if (way != null) {
          return way.find(info);
        }
      }
      return in(any, info);
    }
  }

  /// Whether the client is on this machine.
  record Locality<C>(Map<SourceType, MatchLevel<C>> ways, @Nullable MatchLevel<C> any)
      implements MatchLevel<C> {
    @Override
    public @Nullable C find(ConnectionInfo info) {
      var type = info.isLocal() ? SourceType.SAME_IP_OR_LOOPBACK : SourceType.EXTERNAL;
      return in(ways.getOrDefault(type, any), info);
    }
  }
}
