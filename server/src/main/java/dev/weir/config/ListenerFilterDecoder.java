package dev.weir.config;

import com.google.protobuf.Message;
import dev.weir.config.FilterDiscovery.Kind;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerTlsInspector;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.original_src.v3.OriginalSrc;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.set_filter_state.v3.Config;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;

/// Makes [ListenerFilterConfig]s.
final class ListenerFilterDecoder {
  private static final int MAX_CLIENT_HELLO = 16 * 1024;

  /// Where every listener filter of the API lies.
  private static final String PACKAGE = "envoy.extensions.filters.listener.";

  private ListenerFilterDecoder() {}

  static ListenerFilterConfig filter(ListenerFilter wire, Field at)
      throws InvalidResourceException {
    var filter =
        wire.hasConfigDiscovery()
            ? new ListenerFilterConfig.Discovered(
                FilterDiscoveryDecoder.<ListenerFilterConfig>decode(
                    new FilterDiscoveryDecoder.Place(wire.getName(), Kind.LISTENER, false),
                    wire.getConfigDiscovery(),
                    (typed, there) -> typed(wire.getName(), typed, there),
                    at.at("config_discovery")))
            : typed(wire, at.at("typed_config"));
    return wire.hasFilterDisabled()
        ? new ListenerFilterConfig.Unless(
            filter,
            AcceptPredicateDecoder.decode(wire.getFilterDisabled(), at.at("filter_disabled")))
        : filter;
  }

  private static ListenerFilterConfig typed(ListenerFilter wire, Field at)
      throws InvalidResourceException {
    return typed(
        wire.getName(), ExtensionDecoder.unpack(wire.getName(), wire.getTypedConfig(), at), at);
  }

  /// Reads the configuration of a filter.
  static ListenerFilterConfig typed(String name, Message typed, Field at)
      throws InvalidResourceException {
    return switch (typed) {
      case TlsInspector inspector -> tlsInspector(inspector, at);
      case HttpInspector _ -> new ListenerFilterConfig.HttpInspector();
      case ProxyProtocol proxyProtocol -> ProxyProtocolDecoder.decode(proxyProtocol, at);
      case OriginalDst _ -> new ListenerFilterConfig.OriginalDst();
      case LocalRateLimit limit ->
          new ListenerFilterConfig.LocalRateLimit(LocalRateLimitDecoder.ofListener(limit, at));
      case Config state ->
          new ListenerFilterConfig.SetFilterState(SetFilterStateDecoder.ofListener(state, at));
      case OriginalSrc _ ->
          throw at.invalid(
              "listener filter original_src is not supported: it needs routing rules of the host"
                  + " that send answers to foreign addresses back to this process");
      default -> {
        var type = typed.getDescriptorForType().getFullName();
        throw type.startsWith(PACKAGE)
            ? at.invalid("listener filter " + type + " is not supported yet")
            : ExtensionDecoder.unregistered(name, type, at);
      }
    };
  }

  private static ListenerFilterConfig tlsInspector(TlsInspector wire, Field at) {
    var newer = NewerFields.of(wire, NewerTlsInspector.getDefaultInstance());
    at.withoutEffect(wire.hasInitialReadBufferSize(), "initial_read_buffer_size");
    return new ListenerFilterConfig.TlsInspector(
        ScalarDecoder.size(
            newer.hasMaxClientHelloSize(), newer.getMaxClientHelloSize(), MAX_CLIENT_HELLO),
        newer.getCloseConnectionOnClientHelloParsingErrors(),
        wire.getEnableJa3Fingerprinting().getValue(),
        newer.getEnableJa4Fingerprinting().getValue());
  }
}
