package dev.weir.config;

import dev.weir.config.ProxyProtocolConfig.TlvChoice;
import dev.weir.config.ProxyProtocolConfig.TlvRule;
import dev.weir.config.ProxyProtocolConfig.Version;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerProxyProtocol;
import dev.weir.proto.newer.NewerProxyProtocol.TlvLocation;
import dev.weir.proto.newer.NewerProxyProtocolKeyValuePair;
import dev.weir.proto.newer.NewerProxyProtocolKeyValuePair.ValueStringEncoding;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolPassThroughTLVs;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolPassThroughTLVs.PassTLVsMatchType;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import java.util.EnumSet;
import java.util.Set;

/// Makes [ProxyProtocolConfig]s.
final class ProxyProtocolDecoder {
  /// Where TLVs are kept unless a rule says otherwise.
  private static final String NAMESPACE = "envoy.filters.listener.proxy_protocol";

  private ProxyProtocolDecoder() {}

  static ProxyProtocolConfig decode(ProxyProtocol wire, Field at) {
    var newer = NewerFields.of(wire, NewerProxyProtocol.getDefaultInstance());
    var accepted = EnumSet.allOf(Version.class);
    wire.getDisallowedVersionsList().forEach(version -> accepted.remove(version(version)));
    at.at("disallowed_versions")
        .check(
            !accepted.isEmpty(),
            "Proxy Protocol filter is misconfigured: all proxy protocol versions are disallowed.");
    return new ProxyProtocolConfig(
        wire.getAllowRequestsWithoutProxyProtocol(),
        Set.copyOf(accepted),
        wire.getStatPrefix(),
        wire.getRulesList().stream().map(ProxyProtocolDecoder::rule).toList(),
        newer.getTlvLocation() == TlvLocation.FILTER_STATE,
        wire.hasPassThroughTlvs()
            ? choice(wire.getPassThroughTlvs())
            : new TlvChoice.Types(Set.of()));
  }

  private static Version version(
      io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig.Version wire) {
    return switch (wire) {
      case V2 -> Version.V2;
      case V1, UNRECOGNIZED -> Version.V1;
    };
  }

  private static TlvRule rule(ProxyProtocol.Rule wire) {
    var target = wire.getOnTlvPresent();
    var newer = NewerFields.of(target, NewerProxyProtocolKeyValuePair.getDefaultInstance());
    return new TlvRule(
        wire.getTlvType(),
        target.getMetadataNamespace().isEmpty() ? NAMESPACE : target.getMetadataNamespace(),
        target.getKey(),
        newer.getValueStringEncoding() == ValueStringEncoding.BASE64);
  }

  private static TlvChoice choice(ProxyProtocolPassThroughTLVs wire) {
    return wire.getMatchType() == PassTLVsMatchType.INCLUDE_ALL
        ? new TlvChoice.All()
        : new TlvChoice.Types(Set.copyOf(wire.getTlvTypeList()));
  }
}
