package dev.weir.config;

import dev.weir.config.http.MetadataMatchDecoder;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerNetworkExtAuthz;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.filters.network.ext_authz.v3.ExtAuthz;
import java.time.Duration;

/// Makes [ExtAuthzConfig]s.
final class ExtAuthzDecoder {
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private ExtAuthzDecoder() {}

  static ExtAuthzConfig ofChain(ExtAuthz wire, Field at) throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerNetworkExtAuthz.getDefaultInstance());
    GrpcServiceDecoder.checkVersion(wire.getTransportApiVersion(), at);
    at.withoutEffect(newer.getSendTlsAlertOnDenial(), "send_tls_alert_on_denial");
    at.unsupported(
        newer.getTypedMetadataContextNamespacesCount() > 0, "typed_metadata_context_namespaces");
    return new ExtAuthzConfig(
        wire.getStatPrefix(),
        GrpcServiceDecoder.decode(wire.getGrpcService(), PATIENCE, at.at("grpc_service")),
        wire.getFailureModeAllow(),
        newer.getShadowMode(),
        wire.hasFilterEnabledMetadata()
            ? MetadataMatchDecoder.decode(
                wire.getFilterEnabledMetadata(), at.at("filter_enabled_metadata"))
            : null,
        new ExtAuthzConfig.Told(
            wire.getIncludePeerCertificate(),
            wire.getIncludeTlsSession(),
            wire.getBootstrapMetadataLabelsKey(),
            newer.getMetadataContextNamespacesList()));
  }
}
