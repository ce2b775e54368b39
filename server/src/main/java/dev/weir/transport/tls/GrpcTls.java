package dev.weir.transport.tls;

import dev.weir.config.CertificateConfig;
import dev.weir.config.TlsConfig.Certificates;
import dev.weir.config.TlsConfig.Validation;
import dev.weir.config.TransportSocketConfig.UpstreamTls;
import dev.weir.config.ValidationConfig;
import dev.weir.transport.tls.TrustCheck.Purpose;
import dev.weir.xds.ControlPlane.Identity;
import dev.weir.xds.ControlPlane.Pem;
import dev.weir.xds.ControlPlane.Tls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cluster's TLS in the terms of gRPC, for services behind a cluster. Any thread.
public final class GrpcTls {
  private GrpcTls() {}

  /// The same rules for a gRPC channel; null where they need secrets, which it cannot wait for.
  public static @Nullable Tls of(UpstreamTls config) {
    if (!(config.common().validation() instanceof Validation.Given(var rules))
        || !(config.common().certificates() instanceof Certificates.Given(var shown))) {
      return null;
    }
    var trusted = rules.trusted();
    var leaf = new PeerCheck(withoutTrust(rules), Purpose.SERVER);
    return new Tls(
        trusted == null ? null : new Pem.Inline(Native.pem(trusted.anchors())),
        shown.isEmpty() ? null : identity(shown.getFirst()),
        config.serverName().isEmpty() ? null : config.serverName(),
        certificate -> leaf.check(List.of(certificate), List.of(), _ -> {}).isGood());
  }

  private static Identity identity(CertificateConfig shown) {
    return new Identity(
        new Pem.Inline(Native.pem(shown.chain())), new Pem.Inline(Native.pem(shown.key())));
  }

  private static ValidationConfig withoutTrust(ValidationConfig rules) {
    return new ValidationConfig(
        null,
        List.of(),
        rules.hashes(),
        rules.keys(),
        rules.names(),
        rules.spiffe(),
        rules.leniency());
  }
}
