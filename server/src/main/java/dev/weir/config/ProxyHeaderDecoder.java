package dev.weir.config;

import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerTlvEntry;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolPassThroughTLVs.PassTLVsMatchType;
import io.envoyproxy.envoy.config.core.v3.TlvEntry;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import java.util.HashSet;

/// Makes [ProxyHeaderConfig]s.
final class ProxyHeaderDecoder {
  private ProxyHeaderDecoder() {}

  static ProxyHeaderConfig header(ProxyProtocolConfig wire, Field at) {
    var passing = wire.getPassThroughTlvs();
    return new ProxyHeaderConfig(
        wire.getVersion() == ProxyProtocolConfig.Version.V2,
        wire.hasPassThroughTlvs() && passing.getMatchType() == PassTLVsMatchType.INCLUDE_ALL,
        new HashSet<>(passing.getTlvTypeList()),
        at.each("added_tlvs", wire.getAddedTlvsList(), ProxyHeaderDecoder::added));
  }

  /// A transport that begins with a header.
  static TransportSocketConfig transport(
      ProxyProtocolUpstreamTransport wire, TransportSocketConfig inner, Field at) {
    at.withoutEffect(wire.getAllowUnspecifiedAddress(), "allow_unspecified_address");
    return new TransportSocketConfig.ProxyProtocol(
        header(wire.getConfig(), at.at("config")), inner);
  }

  private static StateValue.Tlv added(TlvEntry wire, Field at) throws InvalidResourceException {
    at.require(
        !NewerFields.of(wire, NewerTlvEntry.getDefaultInstance()).hasFormatString(),
        "format_string is not supported here");
    return new StateValue.Tlv(wire.getType(), OpeningDecoder.hex(wire.getValue()));
  }
}
