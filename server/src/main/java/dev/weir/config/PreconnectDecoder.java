package dev.weir.config;

import dev.weir.config.http.MetadataMatchDecoder;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerPreconnectPolicy;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions;
import java.time.Duration;

/// Reads `preconnect_policy`, and what goes for connections that wait.
final class PreconnectDecoder {
  private PreconnectDecoder() {}

  static PreconnectConfig preconnect(Cluster wire, Field at) throws InvalidResourceException {
    var policy = wire.getPreconnectPolicy();
    var newer = NewerFields.of(policy, NewerPreconnectPolicy.getDefaultInstance());
    var metadataAt = at.at("preconnect_policy").at("preconnect_enabled_metadata");
    return new PreconnectConfig(
        policy.hasPerUpstreamPreconnectRatio()
            ? policy.getPerUpstreamPreconnectRatio().getValue()
            : 1,
        policy.hasPredictivePreconnectRatio()
            ? policy.getPredictivePreconnectRatio().getValue()
            : 1,
        newer.hasPreconnectEnabledMetadata()
            ? MetadataMatchDecoder.decode(newer.getPreconnectEnabledMetadata(), metadataAt)
            : null,
        idleTimeout(wire, at));
  }

  private static Duration idleTimeout(Cluster wire, Field at) throws InvalidResourceException {
    var any = wire.getTypedExtensionProtocolOptionsMap().get(HttpOptionsDecoder.TCP);
    var unset = PreconnectConfig.NONE.idleTimeout();
    if (any == null) {
      return unset;
    }
    var optionsAt = at.at("typed_extension_protocol_options", HttpOptionsDecoder.TCP);
    return ExtensionDecoder.unpack(HttpOptionsDecoder.TCP, any, optionsAt)
            instanceof TcpProtocolOptions options
        ? ScalarDecoder.duration(options.hasIdleTimeout(), options.getIdleTimeout(), unset)
        : unset;
  }
}
