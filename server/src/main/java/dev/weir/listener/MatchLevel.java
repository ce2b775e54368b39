package dev.weir.listener;

import dev.weir.config.CidrRange;
import dev.weir.config.FilterChainMatch.SourceType;
import dev.weir.connection.ConnectionInfo;
import dev.weir.connection.match.PrefixTrie;
import io.netty.util.NetUtil;
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

  /// A level with several ways on.
  interface Fork<C> extends MatchLevel<C> {
    /// What it looks at, by its name in `FilterChainMatch`.
    String field();

    /// What the connection has there, for people to read.
    String seen(ConnectionInfo info);

    /// The ways on, by what chains ask for.
    Map<?, MatchLevel<C>> ways();

    /// The way for chains that ask for nothing here; null if there are none.
    @Nullable MatchLevel<C> any();

    /// The way for this connection; null if there is none.
    @Nullable MatchLevel<C> next(ConnectionInfo info);

    @Override
    default @Nullable C find(ConnectionInfo info) {
      var next = next(info);
      return next == null ? null : next.find(info);
    }
  }

  /// One exact value: a port, the transport protocol.
  record Exact<K, C>(
      String field,
      Function<ConnectionInfo, K> value,
      Map<K, MatchLevel<C>> ways,
      @Nullable MatchLevel<C> any)
      implements Fork<C> {
    @Override
    public String seen(ConnectionInfo info) {
      return value.apply(info).toString();
    }

    @Override
    public @Nullable MatchLevel<C> next(ConnectionInfo info) {
      return ways.getOrDefault(value.apply(info), any);
    }
  }

  /// The longest address range. A Unix socket lies in none.
  record Range<C>(
      String field,
      Function<ConnectionInfo, SocketAddress> address,
      Map<CidrRange, MatchLevel<C>> ways,
      PrefixTrie<MatchLevel<C>> trie,
      @Nullable MatchLevel<C> any)
      implements Fork<C> {

    static <C> Range<C> of(
        String field,
        Function<ConnectionInfo, SocketAddress> address,
        Map<CidrRange, MatchLevel<C>> ways,
        @Nullable MatchLevel<C> any) {
      return new Range<>(field, address, ways, new PrefixTrie<>(ways), any);
    }

    @Override
    public String seen(ConnectionInfo info) {
      var ip = ConnectionInfo.ip(address.apply(info));
      return ip == null ? "" : NetUtil.toAddressString(ip);
    }

    @Override
    public @Nullable MatchLevel<C> next(ConnectionInfo info) {
      var ip = ConnectionInfo.ip(address.apply(info));
      var way = ip == null ? null : trie.find(ip);
      return way == null ? any : way;
    }
  }

  /// The SNI: the name itself, then `*.` with the longest rest of it.
  record ServerName<C>(
      Map<String, MatchLevel<C>> ways,
      Map<String, MatchLevel<C>> endings,
      @Nullable MatchLevel<C> any)
      implements Fork<C> {

    static <C> ServerName<C> of(Map<String, MatchLevel<C>> ways, @Nullable MatchLevel<C> any) {
      var endings = new HashMap<String, MatchLevel<C>>();
      ways.forEach((name, way) -> {
        if (name.startsWith("*.")) {
          endings.put(name.substring(1), way);
        }
      });
      return new ServerName<>(ways, endings, any);
    }

    @Override
    public String field() {
      return "server_names";
    }

    @Override
    public String seen(ConnectionInfo info) {
      return info.serverName();
    }

    @Override
    public @Nullable MatchLevel<C> next(ConnectionInfo info) {
      var name = info.serverName();
      var way = name.startsWith("*") ? null : ways.get(name);
      for (int dot = name.indexOf('.', 1);
          way == null && dot > 0;
          dot = name.indexOf('.', dot + 1)) {
        way = endings.get(name.substring(dot));
      }
      return way == null ? any : way;
    }
  }

  /// The first protocol of the client's that a chain serves.
  record Alpn<C>(Map<String, MatchLevel<C>> ways, @Nullable MatchLevel<C> any) implements Fork<C> {
    @Override
    public String field() {
      return "application_protocols";
    }

    @Override
    public String seen(ConnectionInfo info) {
      return String.join(",", info.applicationProtocols());
    }

    @Override
    public @Nullable MatchLevel<C> next(ConnectionInfo info) {
      for (var protocol : info.applicationProtocols()) {
        var way = ways.get(protocol);
        if (way != null) {
          return way;
        }
      }
      return any;
    }
  }

  /// Whether the client is on this machine.
  record Locality<C>(Map<SourceType, MatchLevel<C>> ways, @Nullable MatchLevel<C> any)
      implements Fork<C> {
    @Override
    public String field() {
      return "source_type";
    }

    @Override
    public String seen(ConnectionInfo info) {
      return type(info).name();
    }

    @Override
    public @Nullable MatchLevel<C> next(ConnectionInfo info) {
      return ways.getOrDefault(type(info), any);
    }

    private static SourceType type(ConnectionInfo info) {
      return info.isLocal() ? SourceType.SAME_IP_OR_LOOPBACK : SourceType.EXTERNAL;
    }
  }
}
