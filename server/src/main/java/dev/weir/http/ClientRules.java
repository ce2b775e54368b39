package dev.weir.http;

import dev.weir.config.CidrRange;
import dev.weir.config.IpLiteral;
import dev.weir.config.http.RequestRules;
import dev.weir.config.http.RequestRules.Client;
import dev.weir.connection.Connection;
import dev.weir.connection.ConnectionInfo;
import dev.weir.http.route.HeaderText;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds out who the client of a request is, and says so in its headers. Immutable; any worker.
///
/// Source: Envoy's documentation of `x-forwarded-for`, `x-forwarded-proto`, `x-envoy-internal` and
/// their like.
final class ClientRules {
  /// What only those inside may say.
  private static final List<AsciiString> INTERNAL_ONLY =
      List.of(
          AsciiString.cached("x-envoy-retriable-status-codes"),
          AsciiString.cached("x-envoy-retriable-header-names"),
          AsciiString.cached("x-envoy-retry-on"),
          AsciiString.cached("x-envoy-retry-grpc-on"),
          AsciiString.cached("x-envoy-max-retries"),
          AsciiString.cached("x-envoy-upstream-alt-stat-name"),
          AsciiString.cached("x-envoy-upstream-rq-timeout-ms"),
          AsciiString.cached("x-envoy-upstream-rq-per-try-timeout-ms"),
          AsciiString.cached("x-envoy-upstream-rq-timeout-alt-response"),
          AsciiString.cached("x-envoy-expected-rq-timeout-ms"),
          AsciiString.cached("x-envoy-force-trace"),
          AsciiString.cached("x-envoy-ip-tags"),
          AsciiString.cached("x-envoy-original-url"),
          AsciiString.cached("x-envoy-hedge-on-per-try-timeout"));

  /// What nobody may say to the proxy at the edge.
  private static final List<AsciiString> EDGE_ONLY =
      List.of(
          AsciiString.cached("x-envoy-decorator-operation"),
          AsciiString.cached("x-envoy-downstream-service-cluster"),
          AsciiString.cached("x-envoy-downstream-service-node"),
          AsciiString.cached("x-envoy-original-path"));

  private final Client config;
  private final InetAddress self;
  private final RequestRules.Internal internal;

  /// @param self stands for clients on this machine
  ClientRules(Client config, InetAddress self) {
    this.config = config;
    this.self = self;
    this.internal = config.internal();
  }

  /// Who the client is.
  ///
  /// @param address to be told of; its port is 0 where a header tells it
  /// @param internal whether it is one of us
  /// @param edge whether we are the first proxy on its way
  record Found(SocketAddress address, boolean internal, boolean edge) {}

  /// Looks, and puts the headers right.
  Found apply(Http2Headers headers, Connection connection, List<String> internalOnlyHeaders) {
    var info = connection.info();
    join(headers, Names.FORWARDED_FOR);
    join(headers, Names.FORWARDED_PROTO);
    join(headers, Names.VIA);
    var secure = info.tls() != null ? "https" : "http";
    var trusted = config.useRemoteAddress() ? direct(headers, info) : fromHeaders(headers);
    proto(headers, info, secure);
    var address = trusted == null ? null : trusted.address;
    boolean inside = trusted != null && trusted.single && isInternal(trusted.address);
    boolean edge = !inside && config.useRemoteAddress();
    var found = address == null ? info.remoteAddress() : address;
    if (inside) {
      headers.set(Names.INTERNAL, "true");
    } else {
      headers.remove(Names.INTERNAL);
      if (edge) {
        EDGE_ONLY.forEach(headers::remove);
        var ip = ConnectionInfo.ip(found);
        if (ip != null) {
          headers.set(Names.EXTERNAL_ADDRESS, NetUtil.toAddressString(ip));
        }
      }
      INTERNAL_ONLY.forEach(headers::remove);
      internalOnlyHeaders.forEach(headers::remove);
    }
    return new Found(found, inside, edge);
  }

  /// An address, and whether it was the only one told.
  private record Told(@Nullable SocketAddress address, boolean single) {}

  private @Nullable Told direct(Http2Headers headers, ConnectionInfo info) {
    boolean single = !headers.contains(Names.FORWARDED_FOR);
    var peer = info.remoteAddress();
    Told told = new Told(peer, single);
    if (config.xffTrustedHops() > 0) {
      var behind = fromRight(headers, config.xffTrustedHops() - 1);
      if (behind != null) {
        told = new Told(behind, false);
      }
    }
    var ip = ConnectionInfo.ip(peer);
    if (!config.skipXffAppend() && ip != null) {
      var shown = ip.isLoopbackAddress() ? self : ip;
      append(headers, Names.FORWARDED_FOR, NetUtil.toAddressString(shown));
    }
    return told;
  }

  private @Nullable Told fromHeaders(Http2Headers headers) {
    var list = headers.get(Names.FORWARDED_FOR);
    if (list == null) {
      return null;
    }
    var peers = config.trustedPeers();
    var address =
        peers == null
            ? fromRight(headers, config.xffTrustedHops())
            : firstUntrusted(list.toString(), peers);
    return new Told(address, list.toString().indexOf(',') < 0);
  }

  private static @Nullable SocketAddress fromRight(Http2Headers headers, int skip) {
    var list = headers.get(Names.FORWARDED_FOR);
    if (list == null) {
      return null;
    }
    var addresses = list.toString().split(",", -1);
    int index = addresses.length - 1 - skip;
    return index < 0 ? null : parse(addresses[index]);
  }

  private static @Nullable SocketAddress firstUntrusted(String list, List<CidrRange> peers) {
    var addresses = list.split(",", -1);
    SocketAddress last = null;
    for (int i = addresses.length - 1; i >= 0; i--) {
      last = parse(addresses[i]);
      var ip = last == null ? null : ConnectionInfo.ip(last);
      if (ip == null || peers.stream().noneMatch(peer -> peer.contains(ip))) {
        return last;
      }
    }
    return last;
  }

  private static @Nullable SocketAddress parse(String text) {
    var ip = IpLiteral.parse(text.strip());
    return ip == null ? null : new InetSocketAddress(ip, 0);
  }

  private boolean isInternal(@Nullable SocketAddress address) {
    if (address instanceof DomainSocketAddress) {
      return internal.unixSockets();
    }
    InetAddress ip = address == null ? null : ConnectionInfo.ip(address);
    return ip != null && internal.ranges().stream().anyMatch(range -> range.contains(ip));
  }

  private void proto(Http2Headers headers, ConnectionInfo info, String secure) {
    boolean believed = !config.useRemoteAddress() || config.xffTrustedHops() > 0;
    var told = headers.get(Names.FORWARDED_PROTO);
    if (told == null || !believed) {
      headers.set(Names.FORWARDED_PROTO, secure);
    }
    if (config.appendForwardedPort() && (!believed || !headers.contains(Names.FORWARDED_PORT))) {
      headers.set(Names.FORWARDED_PORT, Integer.toString(ConnectionInfo.port(info.localAddress())));
    }
    scheme(headers, secure);
  }

  private void scheme(Http2Headers headers, String secure) {
    var fixed = config.scheme();
    if (fixed != null) {
      headers.scheme(fixed);
      return;
    }
    var scheme = headers.scheme();
    if (scheme == null) {
      var proto = headers.get(Names.FORWARDED_PROTO);
      var known = proto != null && isScheme(proto.toString()) ? proto.toString() : secure;
      headers.scheme(known);
    } else {
      headers.scheme(scheme.toString().toLowerCase(Locale.ROOT));
    }
  }

  private static boolean isScheme(String text) {
    return text.equals("http") || text.equals("https");
  }

  /// Makes one line of several: a list says the same either way.
  static void join(Http2Headers headers, AsciiString name) {
    var first = headers.get(name);
    if (first != null) {
      var all = HeaderText.joined(headers, name);
      if (all != null && all.length() != first.length()) {
        headers.set(name, all);
      }
    }
  }

  /// Adds to a list of values, in one line.
  static void append(Http2Headers headers, AsciiString name, String value) {
    var before = headers.get(name);
    headers.set(name, before == null || before.isEmpty() ? value : before + "," + value);
  }

  /// Adds ourselves to those whom a message has passed.
  static void appendVia(Http2Headers headers, String via) {
    var before = headers.get(Names.VIA);
    headers.set(Names.VIA, before == null ? via : before + ", " + via);
  }
}
