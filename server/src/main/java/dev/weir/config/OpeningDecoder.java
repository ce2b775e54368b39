package dev.weir.config;

import com.google.protobuf.ByteString;
import dev.weir.config.TcpProxyConfig.AddedTlv;
import dev.weir.config.TcpProxyConfig.ConnectMode;
import dev.weir.config.TcpProxyConfig.OnDemand;
import dev.weir.config.TcpProxyConfig.Opening;
import dev.weir.config.TcpProxyConfig.ProxyTlvs;
import dev.weir.config.TcpProxyConfig.TlvMerge;
import dev.weir.config.TcpProxyConfig.TlvValue;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerTcpProxy;
import dev.weir.proto.newer.NewerTlvEntry;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.TlvEntry;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Makes the part of a [TcpProxyConfig] that says how a connection begins.
final class OpeningDecoder {
  private static final Duration ON_DEMAND_TIMEOUT = Duration.ofMinutes(1);

  private OpeningDecoder() {}

  static Opening opening(TcpProxy wire, NewerTcpProxy newer, Field at)
      throws InvalidResourceException {
    var mode = mode(newer);
    at.check(
        mode == ConnectMode.IMMEDIATE || newer.hasMaxEarlyDataBytes(),
        "max_early_data_bytes must be set when upstream_connect_mode is not IMMEDIATE");
    return new Opening(
        mode,
        ScalarDecoder.size(newer.hasMaxEarlyDataBytes(), newer.getMaxEarlyDataBytes(), -1),
        onDemand(wire, at.at("on_demand")),
        newer.getCheckDrainClose().getValue(),
        tlvs(wire, newer, at));
  }

  private static ConnectMode mode(NewerTcpProxy wire) {
    return switch (wire.getUpstreamConnectMode()) {
      case ON_DOWNSTREAM_DATA -> ConnectMode.ON_DOWNSTREAM_DATA;
      case ON_DOWNSTREAM_TLS_HANDSHAKE -> ConnectMode.ON_DOWNSTREAM_TLS_HANDSHAKE;
      case IMMEDIATE, UNRECOGNIZED -> ConnectMode.IMMEDIATE;
    };
  }

  private static @Nullable OnDemand onDemand(TcpProxy wire, Field at)
      throws InvalidResourceException {
    var onDemand = wire.getOnDemand();
    if (!onDemand.hasOdcdsConfig()) {
      at.withoutEffect(!onDemand.getResourcesLocator().isEmpty(), "resources_locator");
      return null;
    }
    at.unsupported(!onDemand.getResourcesLocator().isEmpty(), "resources_locator");
    return new OnDemand(
        ConfigSourceDecoder.source(onDemand.getOdcdsConfig(), at.at("odcds_config")),
        ScalarDecoder.duration(onDemand.hasTimeout(), onDemand.getTimeout(), ON_DEMAND_TIMEOUT));
  }

  private static ProxyTlvs tlvs(TcpProxy wire, NewerTcpProxy newer, Field at) {
    var merge =
        switch (newer.getProxyProtocolTlvMergePolicy()) {
          case OVERWRITE_BY_TYPE_IF_EXISTS_OR_ADD -> TlvMerge.OVERWRITE_BY_TYPE_IF_EXISTS_OR_ADD;
          case APPEND_IF_EXISTS_OR_ADD -> TlvMerge.APPEND_IF_EXISTS_OR_ADD;
          case ADD_IF_ABSENT, UNRECOGNIZED -> TlvMerge.ADD_IF_ABSENT;
        };
    return new ProxyTlvs(
        at.each("proxy_protocol_tlvs", wire.getProxyProtocolTlvsList(), OpeningDecoder::tlv),
        merge);
  }

  private static AddedTlv tlv(TlvEntry wire, Field at) throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerTlvEntry.getDefaultInstance());
    boolean value = !wire.getValue().isEmpty();
    at.require(
        value || newer.hasFormatString(),
        "Invalid TLV configuration: one of 'value' or 'format_string' must be set.");
    at.require(
        !value || !newer.hasFormatString(),
        "Invalid TLV configuration: only one of 'value' or 'format_string' may be set.");
    return new AddedTlv(
        wire.getType(),
        value
            ? new TlvValue.Fixed(hex(wire.getValue()))
            : new TlvValue.Formatted(
                LogLayoutDecoder.decode(newer.getFormatString(), at.at("format_string"))));
  }

  static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
