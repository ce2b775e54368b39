package dev.weir.config;

import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerTlsInspector;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;

/// Makes [ListenerFilterConfig]s.
final class ListenerFilterDecoder {
  private static final int MAX_CLIENT_HELLO = 16 * 1024;

  /// Where every listener filter of the API lies.
  private static final String PACKAGE = "envoy.extensions.filters.listener.";

  private ListenerFilterDecoder() {}

  static ListenerFilterConfig filter(ListenerFilter wire, Field at)
      throws InvalidResourceException {
    at.unsupported(wire.hasConfigDiscovery(), "config_discovery");
    at.unsupported(wire.hasFilterDisabled(), "filter_disabled");
    var typedAt = at.at("typed_config");
    var typed = ExtensionDecoder.unpack(wire.getName(), wire.getTypedConfig(), typedAt);
    if (typed instanceof TlsInspector inspector) {
      return tlsInspector(inspector, typedAt);
    }
    var type = typed.getDescriptorForType().getFullName();
    if (type.startsWith(PACKAGE)) {
      throw typedAt.invalid("listener filter " + type + " is not supported yet");
    }
    throw ExtensionDecoder.unregistered(wire.getName(), type, typedAt);
  }

  private static ListenerFilterConfig tlsInspector(TlsInspector wire, Field at) {
    var newer = NewerFields.of(wire, NewerTlsInspector.getDefaultInstance());
    at.withoutEffect(wire.getEnableJa3Fingerprinting().getValue(), "enable_ja3_fingerprinting");
    at.withoutEffect(newer.getEnableJa4Fingerprinting().getValue(), "enable_ja4_fingerprinting");
    return new ListenerFilterConfig.TlsInspector(
        ScalarDecoder.size(
            newer.hasMaxClientHelloSize(), newer.getMaxClientHelloSize(), MAX_CLIENT_HELLO),
        newer.getCloseConnectionOnClientHelloParsingErrors());
  }
}
