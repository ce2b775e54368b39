package dev.weir.config;

import dev.weir.config.ClusterConfig.SourceAddress;
import dev.weir.config.SocketConfig.Option;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerBindConfig;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.SocketOption;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.upstream.local_address_selector.v3.DefaultLocalAddressSelector;
import java.util.ArrayList;
import java.util.List;

/// Reads `upstream_bind_config`: the local end of connections to a cluster's hosts.
final class BindDecoder {
  private BindDecoder() {}

  /// The addresses to connect from.
  ///
  /// @param owner for the texts of errors
  static List<SourceAddress> sources(BindConfig wire, String owner, Field at)
      throws InvalidResourceException {
    if (wire.hasLocalAddressSelector()) {
      checkSelector(wire.getLocalAddressSelector(), at.at("local_address_selector"));
    }
    checkCounts(wire, owner, at);
    var sources = new ArrayList<SourceAddress>();
    if (wire.hasSourceAddress()) {
      sources.add(
          source(
              wire.getSourceAddress(), wire.getSocketOptionsList(), wire, at.at("source_address")));
    }
    sources.addAll(further(wire, at));
    at.check(
        sources.stream().map(source -> source.address().isIpv6()).distinct().count()
            == sources.size(),
        owner
            + "'s upstream binding config has two same IP version source addresses. Only two"
            + " different IP version source addresses can be supported in BindConfig's"
            + " source_address and extra_source_addresses/additional_source_addresses fields");
    return List.copyOf(sources);
  }

  /// The usual selector chooses by the host's IP version, as is done here without one.
  private static void checkSelector(TypedExtensionConfig wire, Field at)
      throws InvalidResourceException {
    if (!(ExtensionDecoder.unpack(wire, at) instanceof DefaultLocalAddressSelector)) {
      throw ExtensionDecoder.unregistered(
          wire.getName(), wire.getTypedConfig().getTypeUrl(), at.at("typed_config"));
    }
  }

  /// The options of a connection that comes from any address. Those for one IP version go with a
  /// source address of that version only.
  static List<Option> options(BindConfig wire, Field at) {
    if (wire.hasSourceAddress()) {
      return List.of();
    }
    at.withoutEffect(wire.getFreebind().getValue(), "freebind");
    at.withoutEffect(
        NewerFields.of(wire, NewerBindConfig.getDefaultInstance()).getValidateNetworkNamespaces(),
        "validate_network_namespaces");
    return SocketDecoder.options(wire.getSocketOptionsList(), new Address.Pipe("", 0));
  }

  @SuppressWarnings("deprecation") // what extra_source_addresses was before
  private static void checkCounts(BindConfig wire, String owner, Field at) {
    int extra = wire.getExtraSourceAddressesCount();
    int additional = wire.getAdditionalSourceAddressesCount();
    at.check(
        extra == 0 || additional == 0,
        "Can't specify both `extra_source_addresses` and `additional_source_addresses` in the "
            + owner
            + "'s upstream binding config");
    at.check(
        wire.hasSourceAddress() || extra + additional == 0,
        owner
            + "'s upstream binding config has extra/additional source addresses but no"
            + " source_address. Extra/additional addresses cannot be specified if source_address is"
            + " not set.");
    at.check(
        extra <= 1 && additional <= 1,
        owner
            + "'s upstream binding config has more than one extra/additional source addresses. Only"
            + " one extra/additional source can be supported in BindConfig's"
            + " extra_source_addresses/additional_source_addresses field");
  }

  @SuppressWarnings("deprecation") // what extra_source_addresses was before
  private static List<SourceAddress> further(BindConfig wire, Field at) {
    var sources = new ArrayList<SourceAddress>();
    sources.addAll(
        at.each(
            "extra_source_addresses",
            wire.getExtraSourceAddressesList(),
            (extra, there) ->
                source(
                    extra.getAddress(),
                    extra.hasSocketOptions()
                        ? extra.getSocketOptions().getSocketOptionsList()
                        : wire.getSocketOptionsList(),
                    wire,
                    there.at("address"))));
    sources.addAll(
        at.each(
            "additional_source_addresses",
            wire.getAdditionalSourceAddressesList(),
            (additional, there) -> source(additional, wire.getSocketOptionsList(), wire, there)));
    return sources;
  }

  private static SourceAddress source(
      SocketAddress address, List<SocketOption> options, BindConfig wire, Field at)
      throws InvalidResourceException {
    var source = SocketDecoder.ip(address, "", at);
    var all = new ArrayList<Option>();
    if (wire.hasFreebind()) {
      all.add(ListenAddressDecoder.freebind(source.isIpv6(), wire.getFreebind().getValue()));
    }
    all.addAll(SocketDecoder.options(options, source));
    return new SourceAddress(source, List.copyOf(all));
  }
}
