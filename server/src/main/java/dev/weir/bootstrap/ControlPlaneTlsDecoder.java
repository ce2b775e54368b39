package dev.weir.bootstrap;

import dev.weir.config.Field;
import dev.weir.xds.ControlPlane.Identity;
import dev.weir.xds.ControlPlane.Pem;
import dev.weir.xds.ControlPlane.Tls;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Makes the [Tls] that is spoken with a control plane.
final class ControlPlaneTlsDecoder {
  private ControlPlaneTlsDecoder() {}

  static Tls tls(UpstreamTlsContext wire, Field at) throws InvalidResourceException {
    var common = wire.getCommonTlsContext();
    var commonAt = at.at("common_tls_context");
    refuse(common, commonAt);
    at.withoutEffect(wire.getAllowRenegotiation(), "allow_renegotiation");
    var validation = common.getValidationContext();
    var validationAt = commonAt.at("validation_context");
    return new Tls(
        validation.hasTrustedCa()
            ? pem(validation.getTrustedCa(), validationAt.at("trusted_ca"))
            : null,
        identity(common, commonAt),
        wire.getSni().isEmpty() ? null : wire.getSni(),
        peer(validation, validationAt));
  }

  private static void refuse(CommonTlsContext wire, Field at) {
    at.unsupported(
        wire.getTlsCertificateSdsSecretConfigsCount() > 0, "tls_certificate_sds_secret_configs");
    at.unsupported(
        wire.hasValidationContextSdsSecretConfig(), "validation_context_sds_secret_config");
    at.unsupported(wire.hasCombinedValidationContext(), "combined_validation_context");
    at.unsupported(wire.hasTlsCertificateProviderInstance(), "tls_certificate_provider_instance");
    at.unsupported(wire.hasCustomHandshaker(), "custom_handshaker");
    at.withoutEffect(wire.hasTlsParams(), "tls_params");
    at.withoutEffect(wire.hasKeyLog(), "key_log");
  }

  private static @Nullable Identity identity(CommonTlsContext wire, Field at)
      throws InvalidResourceException {
    at.unsupported(wire.getTlsCertificatesCount() > 1, "tls_certificates");
    if (wire.getTlsCertificatesCount() == 0) {
      return null;
    }
    var certificate = wire.getTlsCertificates(0);
    var there = at.at("tls_certificates", 0);
    there.unsupported(certificate.hasPassword(), "password");
    there.unsupported(certificate.hasPkcs12(), "pkcs12");
    there.unsupported(certificate.hasPrivateKeyProvider(), "private_key_provider");
    return new Identity(
        pem(certificate.getCertificateChain(), there.at("certificate_chain")),
        pem(certificate.getPrivateKey(), there.at("private_key")));
  }

  private static Pem pem(DataSource wire, Field at) throws InvalidResourceException {
    return switch (wire.getSpecifierCase()) {
      case FILENAME -> new Pem.InFile(path(wire.getFilename(), at));
      case INLINE_STRING -> new Pem.Inline(wire.getInlineString());
      case INLINE_BYTES -> new Pem.Inline(wire.getInlineBytes().toStringUtf8());
      case ENVIRONMENT_VARIABLE -> {
        var value = System.getenv(wire.getEnvironmentVariable());
        at.require(
            value != null, "Environment variable doesn't exist: " + wire.getEnvironmentVariable());
        yield new Pem.Inline(String.valueOf(value));
      }
      case SPECIFIER_NOT_SET -> throw at.invalid("is required");
    };
  }

  private static Path path(String name, Field at) throws InvalidResourceException {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw at.at("filename").invalid(String.valueOf(e.getMessage()));
    }
  }

  private static PeerRule peer(CertificateValidationContext wire, Field at)
      throws InvalidResourceException {
    at.unsupported(wire.hasCrl(), "crl");
    at.unsupported(wire.getAllowExpiredCertificate(), "allow_expired_certificate");
    at.unsupported(wire.hasCustomValidatorConfig(), "custom_validator_config");
    at.unsupported(wire.hasCaCertificateProviderInstance(), "ca_certificate_provider_instance");
    at.unsupported(wire.hasSystemRootCerts(), "system_root_certs");
    return PeerRule.of(wire, at);
  }
}
