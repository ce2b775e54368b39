package dev.weir.config;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.google.protobuf.StringValue;
import dev.weir.config.ListenerConfig.DrainType;
import dev.weir.config.ListenerConfig.TrafficDirection;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerListener;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.SocketAddress.Protocol;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes a [ListenerConfig] of a `Listener`. Any thread may call.
public final class ListenerDecoder {
  private static final Duration FILTERS_TIMEOUT = Duration.ofSeconds(15);

  private ListenerDecoder() {}

  /// Checks the message and makes config of it.
  ///
  /// @param path what the paths of problems begin with; empty for a resource that was pushed
  /// @throws InvalidResourceException with all problems that were found
  public static Checked<ListenerConfig> decode(Listener wire, String path)
      throws InvalidResourceException {
    return ResourceDecoder.decode(wire, path, ListenerDecoder::listener);
  }

  private static ListenerConfig listener(Listener wire, Field at) throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerListener.getDefaultInstance());
    refuse(wire, newer, at);
    at.require(
        wire.hasAddress(),
        "error adding listener named '" + wire.getName() + "': address is necessary");
    var bind = ListenAddressDecoder.bind(wire, newer, at);
    var filters = filters(wire, at);
    var inspection =
        new ListenerConfig.Inspection(
            filters,
            ScalarDecoder.duration(
                wire.hasListenerFiltersTimeout(),
                wire.getListenerFiltersTimeout(),
                FILTERS_TIMEOUT),
            wire.getContinueOnListenerFiltersTimeout());
    var chains = chains(wire, "error adding listener '" + bind.addresses().getFirst() + "': ", at);
    warn(wire, newer, at);
    warnOfBlindChains(inspection, chains, at);
    return new ListenerConfig(
        wire.getName(),
        bind,
        inspection,
        chains,
        report(wire, at),
        new ListenerConfig.Buffers(
            bufferLimit(wire),
            ScalarDecoder.duration(
                newer.hasPerConnectionBufferHighWatermarkTimeout(),
                newer.getPerConnectionBufferHighWatermarkTimeout(),
                Duration.ZERO)),
        ListenerSettingsDecoder.limits(wire.getMetadata(), at.at("metadata")));
  }

  /// Those that are listed, behind the one that `use_original_dst` implies, and before the one that
  /// `use_proxy_proto` of the first chain does.
  @SuppressWarnings("deprecation") // use_proxy_proto is still obeyed
  private static List<ListenerFilterConfig> filters(Listener wire, Field at) {
    var listed =
        at.each("listener_filters", wire.getListenerFiltersList(), ListenerFilterDecoder::filter);
    var first =
        wire.getFilterChainsCount() > 0 ? wire.getFilterChains(0) : wire.getDefaultFilterChain();
    var filters = new ArrayList<ListenerFilterConfig>();
    if (wire.getUseOriginalDst().getValue()) {
      filters.add(new ListenerFilterConfig.OriginalDst());
    }
    filters.addAll(listed);
    if (first.getUseProxyProto().getValue()) {
      at.at("filter_chains", 0)
          .at("use_proxy_proto")
          .warn(
              "the header is expected behind the other listener filters; list the filter instead");
      filters.add(ProxyProtocolConfig.IMPLIED);
    }
    return List.copyOf(filters);
  }

  /// Fields that decide about connections, and that we cannot honour.
  private static void refuse(Listener wire, NewerListener newer, Field at) {
    at.unsupported(wire.hasInternalListener(), "internal_listener");
    at.unsupported(wire.hasApiListener(), "api_listener");
    at.unsupported(newer.hasFcdsConfig(), "fcds_config");
  }

  /// Fields that tune what we do in another way, or not at all.
  private static void warn(Listener wire, NewerListener newer, Field at)
      throws InvalidResourceException {
    at.withoutEffect(wire.hasUdpListenerConfig(), "udp_listener_config");
    at.withoutEffect(wire.getBypassOverloadManager(), "bypass_overload_manager");
    at.withoutEffect(newer.hasStatsMatcher(), "stats_matcher");
    if (wire.getConnectionBalanceConfig().hasExtendBalance()) {
      var extension = wire.getConnectionBalanceConfig().getExtendBalance();
      throw ExtensionDecoder.unregistered(
          extension.getName(),
          extension.getTypedConfig().getTypeUrl(),
          at.at("connection_balance_config").at("extend_balance"));
    }
    at.check(
        !wire.getEnableMptcp() || !wire.getAddress().hasPipe(),
        "listener " + wire.getName() + ": enable_mptcp can only be used with IP addresses");
  }

  private static ListenerConfig.Chains chains(Listener wire, String error, Field at)
      throws InvalidResourceException {
    int count = wire.getFilterChainsCount();
    boolean udp = wire.getAddress().getSocketAddress().getProtocol() == Protocol.UDP;
    at.require(
        !udp || count == 0,
        error + count + " filter chain(s) specified for connection-less UDP listener.");
    at.at("address").at("socket_address").unsupported(udp, "protocol");
    at.check(
        udp || count > 0 || wire.hasDefaultFilterChain(), error + "no filter chains specified");
    var chains =
        at.each(
            "filter_chains",
            wire.getFilterChainsList(),
            (chain, there) ->
                new FilterChainOverlap.Placed(chain(chain, wire, error, there), there));
    if (wire.hasFilterChainMatcher()) {
      checkNames(chains, error);
    } else {
      FilterChainOverlap.check(chains, error);
    }
    return new ListenerConfig.Chains(
        chains.stream().map(FilterChainOverlap.Placed::chain).toList(),
        wire.hasDefaultFilterChain() ? defaultChain(wire.getDefaultFilterChain(), error, at) : null,
        wire.hasFilterChainMatcher() ? matcher(wire, at.at("filter_chain_matcher")) : null);
  }

  /// What a chain itself asks for does not count beside a matcher.
  private static FilterChainConfig chain(
      FilterChain wire, Listener listener, String error, Field at) throws InvalidResourceException {
    return listener.hasFilterChainMatcher()
        ? FilterChainDecoder.chain(wire.toBuilder().clearFilterChainMatch().build(), error, at)
            .matchedByName()
        : FilterChainDecoder.chain(wire, error, at);
  }

  private static void checkNames(List<FilterChainOverlap.Placed> chains, String error) {
    var names = new HashSet<String>();
    for (var placed : chains) {
      var name = placed.chain().name();
      placed
          .at()
          .check(
              !name.isEmpty(), error + "\"name\" field is required when using a listener matcher");
      placed
          .at()
          .check(
              name.isEmpty() || names.add(name),
              error + "\"name\" field is duplicated with value '" + name + "'");
    }
  }

  private static MatcherConfig<String> matcher(Listener wire, Field at)
      throws InvalidResourceException {
    var names = new HashSet<String>();
    wire.getFilterChainsList().forEach(chain -> names.add(chain.getName()));
    return MatcherDecoder.decode(
        wire.getFilterChainMatcher(),
        MatchInput.About.CONNECTION,
        (action, there) -> chainName(action, names, there),
        at);
  }

  private static String chainName(TypedExtensionConfig action, Set<String> names, Field at)
      throws InvalidResourceException {
    var typed =
        ExtensionDecoder.unpack(action.getName(), action.getTypedConfig(), at.at("typed_config"));
    if (!(typed instanceof StringValue name)) {
      throw ExtensionDecoder.unregistered(
          action.getName(), typed.getDescriptorForType().getFullName(), at);
    }
    if (!names.contains(name.getValue())) {
      at.warn(
          "there is no filter chain '" + name.getValue() + "': such connections will be closed");
    }
    return name.getValue();
  }

  /// The default chain serves whom no other one does, whatever its own match says.
  private static FilterChainConfig defaultChain(FilterChain wire, String error, Field at)
      throws InvalidResourceException {
    return FilterChainDecoder.chain(
        wire.toBuilder().clearFilterChainMatch().build(), error, at.at("default_filter_chain"));
  }

  /// Chains that ask for what nobody looks for are never chosen.
  private static void warnOfBlindChains(
      ListenerConfig.Inspection inspection, ListenerConfig.Chains chains, Field at) {
    boolean blind = inspection.filters().stream().noneMatch(ListenerFilterConfig::inspectsTls);
    if (blind && chains.chains().stream().anyMatch(chain -> chain.match().asksForTls())) {
      at.at("filter_chains")
          .warn(
              "some match on TLS, which nothing tells without a tls_inspector in listener_filters");
    }
  }

  private static ListenerConfig.Report report(Listener wire, Field at) {
    var direction =
        switch (wire.getTrafficDirection()) {
          case INBOUND -> TrafficDirection.INBOUND;
          case OUTBOUND -> TrafficDirection.OUTBOUND;
          case UNSPECIFIED, UNRECOGNIZED -> TrafficDirection.UNSPECIFIED;
        };
    var drainType =
        switch (wire.getDrainType()) {
          case MODIFY_ONLY -> DrainType.MODIFY_ONLY;
          case DEFAULT, UNRECOGNIZED -> DrainType.DEFAULT;
        };
    return new ListenerConfig.Report(
        wire.getStatPrefix(),
        direction,
        drainType,
        wire.getIgnoreGlobalConnLimit(),
        AccessLogs.atEnd(at.each("access_log", wire.getAccessLogList(), AccessLogDecoder::decode)));
  }

  private static int bufferLimit(Listener wire) {
    return ScalarDecoder.bufferLimit(
        wire.hasPerConnectionBufferLimitBytes(), wire.getPerConnectionBufferLimitBytes());
  }
}
