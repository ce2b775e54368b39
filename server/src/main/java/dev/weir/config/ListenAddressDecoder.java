package dev.weir.config;

import dev.weir.config.ListenerConfig.ListenAddress;
import dev.weir.config.SocketConfig.Option;
import dev.weir.config.SocketConfig.State;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerAdditionalAddress;
import dev.weir.proto.newer.NewerListener;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.SocketOption;
import io.envoyproxy.envoy.config.listener.v3.AdditionalAddress;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the part of a [ListenerConfig] that decides about its sockets.
final class ListenAddressDecoder {
  // Of Linux' headers.
  private static final int IPPROTO_IP = 0;
  private static final int IP_FREEBIND = 15;
  private static final int IP_TRANSPARENT = 19;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_FASTOPEN = 23;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;
  private static final int IPV6_TRANSPARENT = 75;
  private static final int IPV6_FREEBIND = 78;

  private ListenAddressDecoder() {}

  static ListenerConfig.Bind bind(Listener wire, NewerListener newer, Field at)
      throws InvalidResourceException {
    var keepalive =
        newer.hasTcpKeepalive() ? SocketDecoder.keepalive(newer.getTcpKeepalive()) : null;
    var sockets = new ArrayList<ListenAddress>();
    sockets.add(
        address(wire.getAddress(), wire, wire.getSocketOptionsList(), keepalive, at.at("address")));
    sockets.addAll(
        at.each(
            "additional_addresses",
            wire.getAdditionalAddressesList(),
            (additional, additionalAt) -> additional(additional, wire, keepalive, additionalAt)));
    return new ListenerConfig.Bind(
        List.copyOf(sockets),
        bindsToPort(wire),
        reusesPort(wire, at),
        ScalarDecoder.size(wire.hasTcpBacklogSize(), wire.getTcpBacklogSize(), 0),
        accepting(wire));
  }

  private static ListenerConfig.Accepting accepting(Listener wire) {
    return new ListenerConfig.Accepting(
        ScalarDecoder.size(
            wire.hasMaxConnectionsToAcceptPerSocketEvent(),
            wire.getMaxConnectionsToAcceptPerSocketEvent(),
            0),
        wire.getConnectionBalanceConfig().hasExactBalance(),
        wire.getUseOriginalDst().getValue());
  }

  private static ListenAddress additional(
      AdditionalAddress additional,
      Listener wire,
      SocketConfig.@Nullable Keepalive keepalive,
      Field at)
      throws InvalidResourceException {
    var newer = NewerFields.of(additional, NewerAdditionalAddress.getDefaultInstance());
    var options =
        additional.hasSocketOptions()
            ? additional.getSocketOptions().getSocketOptionsList()
            : wire.getSocketOptionsList();
    var own =
        newer.hasTcpKeepalive() ? SocketDecoder.keepalive(newer.getTcpKeepalive()) : keepalive;
    return address(additional.getAddress(), wire, options, own, at.at("address"));
  }

  private static ListenAddress address(
      io.envoyproxy.envoy.config.core.v3.Address address,
      Listener wire,
      List<SocketOption> options,
      SocketConfig.@Nullable Keepalive keepalive,
      Field at)
      throws InvalidResourceException {
    var resolved = SocketDecoder.resolved(address, "", at);
    var all = new ArrayList<Option>();
    if (resolved instanceof Address.Socket socket) {
      all.addAll(ofFields(wire, socket, address.getSocketAddress().getIpv4Compat()));
    }
    all.addAll(SocketDecoder.options(options, resolved));
    return new ListenAddress(
        resolved,
        new SocketConfig(keepalive, List.copyOf(all)),
        wire.getEnableMptcp() && resolved instanceof Address.Socket);
  }

  /// The fields that are nothing else than socket options.
  private static List<Option> ofFields(Listener wire, Address.Socket socket, boolean ipv4Compat) {
    var options = new ArrayList<Option>();
    boolean v6 = socket.isIpv6();
    if (socket.host().equals("::")) {
      options.add(
          option("ipv4_compat", IPPROTO_IPV6, IPV6_V6ONLY, ipv4Compat ? 0 : 1, State.PREBIND));
    }
    if (wire.hasTransparent()) {
      int value = wire.getTransparent().getValue() ? 1 : 0;
      options.add(
          v6
              ? option("transparent", IPPROTO_IPV6, IPV6_TRANSPARENT, value, State.PREBIND)
              : option("transparent", IPPROTO_IP, IP_TRANSPARENT, value, State.PREBIND));
    }
    if (wire.hasFreebind()) {
      options.add(freebind(v6, wire.getFreebind().getValue()));
    }
    if (wire.hasTcpFastOpenQueueLength()) {
      int length = ScalarDecoder.size(true, wire.getTcpFastOpenQueueLength(), 0);
      options.add(
          option("tcp_fast_open_queue_length", IPPROTO_TCP, TCP_FASTOPEN, length, State.LISTENING));
    }
    return options;
  }

  /// `freebind`, for listeners and for the sockets of upstream connections.
  static Option freebind(boolean v6, boolean on) {
    return v6
        ? option("freebind", IPPROTO_IPV6, IPV6_FREEBIND, on ? 1 : 0, State.PREBIND)
        : option("freebind", IPPROTO_IP, IP_FREEBIND, on ? 1 : 0, State.PREBIND);
  }

  private static Option option(String field, int level, int name, int value, State state) {
    return new Option(field, level, name, new SocketConfig.OptionValue.Int(value), state);
  }

  @SuppressWarnings("deprecation") // deprecated_v1 is still obeyed
  private static boolean bindsToPort(Listener wire) {
    return ScalarDecoder.bool(wire.hasBindToPort(), wire.getBindToPort(), true)
        && ScalarDecoder.bool(
            wire.getDeprecatedV1().hasBindToPort(), wire.getDeprecatedV1().getBindToPort(), true);
  }

  @SuppressWarnings("deprecation") // reuse_port is what enable_reuse_port was before
  private static boolean reusesPort(Listener wire, Field at) {
    if (wire.hasEnableReusePort() && wire.getReusePort()) {
      at.at("reuse_port").warn("enable_reuse_port goes before it");
    }
    return ScalarDecoder.bool(wire.hasEnableReusePort(), wire.getEnableReusePort(), true);
  }
}
