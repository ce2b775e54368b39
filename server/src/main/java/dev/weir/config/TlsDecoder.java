package dev.weir.config;

import dev.weir.config.TlsConfig.Certificates;
import dev.weir.config.TlsConfig.Validation;
import dev.weir.config.TransportSocketConfig.DownstreamTls;
import dev.weir.config.TransportSocketConfig.OcspPolicy;
import dev.weir.config.TransportSocketConfig.TicketKeys;
import dev.weir.config.TransportSocketConfig.UpstreamTls;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Makes the TLS kinds of [TransportSocketConfig].
final class TlsDecoder {
  private static final String PEER_EXCHANGE = "istio-peer-exchange";

  private TlsDecoder() {}

  static DownstreamTls downstream(DownstreamTlsContext wire, Field at)
      throws InvalidResourceException {
    var common =
        common(wire.getCommonTlsContext(), TlsVersion.TLS_1_3, at.at("common_tls_context"));
    at.require(
        wire.getCommonTlsContext().getTlsCertificatesCount()
                + wire.getCommonTlsContext().getTlsCertificateSdsSecretConfigsCount()
            > 0,
        "No TLS certificates found for server context");
    var policy =
        switch (wire.getOcspStaplePolicy()) {
          case LENIENT_STAPLING, UNRECOGNIZED -> OcspPolicy.LENIENT;
          case STRICT_STAPLING -> OcspPolicy.STRICT;
          case MUST_STAPLE -> OcspPolicy.MUST;
        };
    checkStaples(common, policy, at);
    if (TlsLibrary.PRESENT == TlsLibrary.JDK) {
      checkForJdk(wire, at);
    }
    at.withoutEffect(
        wire.getRequireClientCertificate().getValue()
            && common.validation() instanceof Validation.Given(var rules)
            && !rules.asksForCertificate(),
        "require_client_certificate");
    return new DownstreamTls(
        common,
        wire.getRequireClientCertificate().getValue(),
        wire.getRequireSni().getValue(),
        new DownstreamTls.Choice(
            wire.getFullScanCertsOnSniMismatch().getValue(), wire.getPreferClientCiphers(), policy),
        new DownstreamTls.Resumption(
            ticketKeys(wire, at),
            !wire.getDisableStatefulSessionResumption(),
            ScalarDecoder.duration(
                wire.hasSessionTimeout(), wire.getSessionTimeout(), Duration.ZERO)));
  }

  private static void checkForJdk(DownstreamTlsContext wire, Field at) {
    JdkTls.refuse(wire.hasSessionTicketKeys(), "session_ticket_keys", at);
    JdkTls.refuse(
        wire.hasSessionTicketKeysSdsSecretConfig(), "session_ticket_keys_sds_secret_config", at);
    JdkTls.refuse(
        wire.getDisableStatelessSessionResumption(), "disable_stateless_session_resumption", at);
    JdkTls.refuse(
        wire.getDisableStatefulSessionResumption(), "disable_stateful_session_resumption", at);
  }

  private static void checkStaples(TlsConfig common, OcspPolicy policy, Field at) {
    if (common.certificates() instanceof Certificates.Given(var all)) {
      at.check(
          all.stream()
              .filter(certificate -> policy == OcspPolicy.MUST || certificate.mustStaple())
              .noneMatch(certificate -> certificate.ocspStaple().isEmpty()),
          "Required OCSP response is missing from TLS context");
    }
  }

  private static TicketKeys ticketKeys(DownstreamTlsContext wire, Field at)
      throws InvalidResourceException {
    return switch (wire.getSessionTicketKeysTypeCase()) {
      case SESSION_TICKET_KEYS ->
          new TicketKeys.Given(
              SecretDecoder.ticketKeys(
                  wire.getSessionTicketKeys(), at.at("session_ticket_keys"), _ -> {}));
      case SESSION_TICKET_KEYS_SDS_SECRET_CONFIG ->
          new TicketKeys.Secret(
              secret(
                  wire.getSessionTicketKeysSdsSecretConfig(),
                  at.at("session_ticket_keys_sds_secret_config")));
      case DISABLE_STATELESS_SESSION_RESUMPTION ->
          wire.getDisableStatelessSessionResumption()
              ? new TicketKeys.None()
              : new TicketKeys.Own();
      case SESSIONTICKETKEYSTYPE_NOT_SET -> new TicketKeys.Own();
    };
  }

  static UpstreamTls upstream(UpstreamTlsContext wire, Field at) throws InvalidResourceException {
    var common =
        common(wire.getCommonTlsContext(), TlsVersion.TLS_1_2, at.at("common_tls_context"));
    at.check(
        !(common.certificates() instanceof Certificates.Given(var all)) || all.size() <= 1,
        "Multiple TLS certificates are not supported for client contexts");
    at.check(
        wire.getSni().isEmpty() || wire.getSni().indexOf('\0') < 0,
        "SNI names containing NULL-byte are not allowed");
    warnOfTrust(common, at);
    at.withoutEffect(
        wire.hasEnforceRsaKeyUsage() && !wire.getEnforceRsaKeyUsage().getValue(),
        "enforce_rsa_key_usage");
    if (TlsLibrary.PRESENT == TlsLibrary.JDK) {
      JdkTls.refuse(wire.getAllowRenegotiation(), "allow_renegotiation", at);
    }
    return new UpstreamTls(
        common,
        wire.getSni(),
        wire.getAutoHostSni(),
        wire.getAutoSniSanValidation(),
        wire.getAllowRenegotiation(),
        ScalarDecoder.size(wire.hasMaxSessionKeys(), wire.getMaxSessionKeys(), 1));
  }

  private static void warnOfTrust(TlsConfig common, Field at) {
    if (common.validation() instanceof Validation.Given(var rules) && !rules.asksForCertificate()) {
      at.warn("no trusted_ca: any certificate of a host is accepted");
    }
  }

  private static TlsConfig common(CommonTlsContext wire, TlsVersion newest, Field at)
      throws InvalidResourceException {
    refuse(wire, at);
    var config =
        new TlsConfig(
            TlsParamsDecoder.params(wire.getTlsParams(), newest, at.at("tls_params")),
            certificates(wire, at),
            validation(wire, at),
            alpn(wire, at));
    if (TlsLibrary.PRESENT == TlsLibrary.JDK) {
      JdkTls.check(config, at);
    }
    return config;
  }

  /// What is offered and taken by ALPN. Istio's metadata exchange is left out: whoever agrees to it
  /// sends its own metadata before the payload, and waits for ours.
  private static List<String> alpn(CommonTlsContext wire, Field at) {
    var protocols = new ArrayList<String>();
    for (int i = 0; i < wire.getAlpnProtocolsCount(); i++) {
      for (var protocol : wire.getAlpnProtocols(i).split(",", -1)) { // as Envoy reads it
        int length = protocol.getBytes(StandardCharsets.UTF_8).length;
        at.at("alpn_protocols", i).check(length < 256, "Invalid ALPN protocol string");
        if (length > 0) {
          protocols.add(protocol);
        }
      }
    }
    if (protocols.remove(PEER_EXCHANGE)) {
      at.withoutEffect(true, "alpn_protocols: " + PEER_EXCHANGE);
    }
    return List.copyOf(protocols);
  }

  @SuppressWarnings("deprecation") // refused, under their old names too
  private static void refuse(CommonTlsContext wire, Field at) {
    at.unsupported(
        wire.hasTlsCertificateCertificateProvider(), "tls_certificate_certificate_provider");
    at.unsupported(
        wire.hasTlsCertificateCertificateProviderInstance(),
        "tls_certificate_certificate_provider_instance");
    at.unsupported(wire.hasTlsCertificateProviderInstance(), "tls_certificate_provider_instance");
    at.unsupported(wire.hasCustomHandshaker(), "custom_handshaker");
    at.unsupported(wire.hasCustomTlsCertificateSelector(), "custom_tls_certificate_selector");
    at.unsupported(wire.hasKeyLog(), "key_log");
  }

  private static Certificates certificates(CommonTlsContext wire, Field at)
      throws InvalidResourceException {
    if (wire.getTlsCertificatesCount() > 0 || wire.getTlsCertificateSdsSecretConfigsCount() == 0) {
      at.withoutEffect(
          wire.getTlsCertificateSdsSecretConfigsCount() > 0 && wire.getTlsCertificatesCount() > 0,
          "tls_certificate_sds_secret_configs");
      return new Certificates.Given(
          at.each(
              "tls_certificates",
              wire.getTlsCertificatesList(),
              (one, there) -> {
                warnOfWatch(one.hasWatchedDirectory(), there);
                return CertificateDecoder.certificate(one, there, _ -> {});
              }));
    }
    return new Certificates.Secrets(
        at.each(
            "tls_certificate_sds_secret_configs",
            wire.getTlsCertificateSdsSecretConfigsList(),
            TlsDecoder::secret));
  }

  @SuppressWarnings("deprecation") // refused, under their old names too
  private static Validation validation(CommonTlsContext wire, Field at)
      throws InvalidResourceException {
    return switch (wire.getValidationContextTypeCase()) {
      case VALIDATION_CONTEXT ->
          new Validation.Given(
              rules(wire.getValidationContext(), at.at("validation_context"), true));
      case VALIDATION_CONTEXT_SDS_SECRET_CONFIG ->
          new Validation.Secret(
              ValidationConfig.NONE,
              secret(
                  wire.getValidationContextSdsSecretConfig(),
                  at.at("validation_context_sds_secret_config")));
      case COMBINED_VALIDATION_CONTEXT -> {
        var combined = wire.getCombinedValidationContext();
        var there = at.at("combined_validation_context");
        there.unsupported(
            combined.hasValidationContextCertificateProvider(),
            "validation_context_certificate_provider");
        there.unsupported(
            combined.hasValidationContextCertificateProviderInstance(),
            "validation_context_certificate_provider_instance");
        yield new Validation.Secret(
            rules(
                combined.getDefaultValidationContext(),
                there.at("default_validation_context"),
                false),
            secret(
                combined.getValidationContextSdsSecretConfig(),
                there.at("validation_context_sds_secret_config")));
      }
      case VALIDATION_CONTEXT_CERTIFICATE_PROVIDER ->
          throw at.at("validation_context_certificate_provider").invalid("not supported");
      case VALIDATION_CONTEXT_CERTIFICATE_PROVIDER_INSTANCE ->
          throw at.at("validation_context_certificate_provider_instance").invalid("not supported");
      case VALIDATIONCONTEXTTYPE_NOT_SET -> new Validation.Given(ValidationConfig.NONE);
    };
  }

  private static ValidationConfig rules(
      CertificateValidationContext wire, Field at, boolean complete)
      throws InvalidResourceException {
    var rules = ValidationDecoder.validation(wire, at, _ -> {});
    warnOfWatch(wire.hasWatchedDirectory(), at);
    var problem = complete ? rules.problem() : null;
    if (problem != null) {
      at.check(false, problem);
    }
    return rules;
  }

  /// Files are read again where they come by SDS, and only there.
  private static void warnOfWatch(boolean present, Field at) {
    at.withoutEffect(present, "watched_directory");
  }

  private static SecretRef secret(SdsSecretConfig wire, Field at) throws InvalidResourceException {
    return new SecretRef(
        wire.getName(),
        wire.hasSdsConfig()
            ? ConfigSourceDecoder.source(wire.getName(), wire.getSdsConfig(), at.at("sds_config"))
            : null);
  }
}
