package dev.weir.config;

import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerSocketOption;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.SocketOption;
import io.envoyproxy.envoy.config.core.v3.TcpKeepalive;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Makes [Address] and [SocketConfig] of the messages that listeners, clusters and the admin page
/// share.
public final class SocketDecoder {
  /// The length of `sun_path`, of which the last byte is a zero.
  private static final int MAX_PIPE_PATH = 108;

  private SocketDecoder() {}

  /// An address with an IP, or a Unix domain socket.
  ///
  /// @param hint what to say after `malformed IP address: …`
  public static Address resolved(
      io.envoyproxy.envoy.config.core.v3.Address wire, String hint, Field at)
      throws InvalidResourceException {
    return switch (wire.getAddressCase()) {
      case SOCKET_ADDRESS -> ip(wire.getSocketAddress(), hint, at.at("socket_address"));
      case PIPE -> pipe(wire.getPipe(), at.at("pipe"));
      case ENVOY_INTERNAL_ADDRESS -> throw at.at("envoy_internal_address").invalid("not supported");
      case ADDRESS_NOT_SET -> throw at.invalid("Address must be set" + hint);
    };
  }

  /// An address with a name that is to be looked up.
  ///
  /// @param clusterType for the text of an error
  static Address.Socket named(
      io.envoyproxy.envoy.config.core.v3.Address wire, String clusterType, Field at)
      throws InvalidResourceException {
    at.require(wire.hasSocketAddress(), "a name is looked up for a socket_address only");
    var socket = wire.getSocketAddress();
    var socketAt = at.at("socket_address");
    socketAt.require(
        socket.getResolverName().isEmpty(),
        clusterType + " clusters must NOT have a custom resolver name set");
    return new Address.Socket(socket.getAddress(), port(socket, socketAt));
  }

  /// A `SocketAddress` with an IP.
  static Address.Socket ip(SocketAddress wire, String hint, Field at)
      throws InvalidResourceException {
    at.require(
        wire.getResolverName().isEmpty(),
        "Unknown address resolver: " + wire.getResolverName() + hint);
    at.at("network_namespace_filepath")
        .check(
            wire.getNetworkNamespaceFilepath().isEmpty(),
            "not supported: all sockets are of the namespace that the process runs in");
    var ip = IpLiteral.parse(wire.getAddress());
    if (ip == null) {
      throw at.invalid("malformed IP address: " + wire.getAddress() + hint);
    }
    at.check(
        !wire.getIpv4Compat() || takesIpv4(wire.getAddress(), ip),
        "Only IPv6 address '::' or valid IPv4-mapped IPv6 address can set ipv4_compat");
    return new Address.Socket(text(wire.getAddress(), ip), port(wire, at));
  }

  private static boolean takesIpv4(String text, InetAddress ip) {
    return text.indexOf(':') >= 0 && (ip.isAnyLocalAddress() || ip instanceof Inet4Address);
  }

  /// An IPv6 address may be written in many ways, and is kept in one. With a zone it stays as it
  /// is.
  private static String text(String given, InetAddress ip) {
    return given.indexOf('%') >= 0 ? given : IpLiteral.text(ip);
  }

  private static int port(SocketAddress wire, Field at) throws InvalidResourceException {
    at.require(wire.getNamedPort().isEmpty(), "IP resolver can't handle port specifier type 4");
    return wire.getPortValue();
  }

  private static Address.Pipe pipe(Pipe wire, Field at) throws InvalidResourceException {
    var path = wire.getPath();
    at.require(
        path.getBytes(StandardCharsets.UTF_8).length < MAX_PIPE_PATH,
        "Path \"%s\" exceeds maximum UNIX domain socket path size of %d."
            .formatted(path, MAX_PIPE_PATH));
    at.require(
        !path.startsWith("@") || wire.getMode() == 0,
        "Cannot set mode for Abstract AF_UNIX sockets");
    return new Address.Pipe(path, wire.getMode());
  }

  static SocketConfig.Keepalive keepalive(TcpKeepalive wire) {
    return new SocketConfig.Keepalive(
        ScalarDecoder.size(wire.hasKeepaliveProbes(), wire.getKeepaliveProbes(), 0),
        Duration.ofSeconds(
            ScalarDecoder.uint32(wire.hasKeepaliveTime(), wire.getKeepaliveTime(), 0)),
        Duration.ofSeconds(
            ScalarDecoder.uint32(wire.hasKeepaliveInterval(), wire.getKeepaliveInterval(), 0)));
  }

  /// The options that apply to a TCP socket of the address's kind, in order.
  public static List<SocketConfig.Option> options(List<SocketOption> wire, Address address) {
    var options = new ArrayList<SocketConfig.Option>();
    for (var option : wire) {
      if (forStreams(option) && forVersion(option, address)) {
        options.add(option(option));
      }
    }
    return options;
  }

  private static boolean forStreams(SocketOption wire) {
    return !wire.hasType() || wire.getType().hasStream() || !wire.getType().hasDatagram();
  }

  private static boolean forVersion(SocketOption wire, Address address) {
    var newer = NewerFields.of(wire, NewerSocketOption.getDefaultInstance());
    return switch (newer.getIpVersion()) {
      case SOCKET_IP_VERSION_IPV4 -> address instanceof Address.Socket socket && !socket.isIpv6();
      case SOCKET_IP_VERSION_IPV6 -> address instanceof Address.Socket socket && socket.isIpv6();
      case SOCKET_IP_VERSION_UNSPECIFIED, UNRECOGNIZED -> true;
    };
  }

  private static SocketConfig.Option option(SocketOption wire) {
    var value =
        wire.hasBufValue()
            ? new SocketConfig.OptionValue.Buffer(
                HexFormat.of().formatHex(wire.getBufValue().toByteArray()))
            : new SocketConfig.OptionValue.Int((int) wire.getIntValue());
    var state =
        switch (wire.getState()) {
          case STATE_BOUND -> SocketConfig.State.BOUND;
          case STATE_LISTENING -> SocketConfig.State.LISTENING;
          case STATE_PREBIND, UNRECOGNIZED -> SocketConfig.State.PREBIND;
        };
    return new SocketConfig.Option(
        wire.getDescription(), (int) wire.getLevel(), (int) wire.getName(), value, state);
  }
}
