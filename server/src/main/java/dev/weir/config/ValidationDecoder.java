package dev.weir.config;

import dev.weir.config.SanMatch.Kind;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerCertificateValidationContext;
import dev.weir.proto.newer.NewerTrustDomain;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext.TrustChainVerification;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes [ValidationConfig]s. Any thread may call.
final class ValidationDecoder {
  private static final Pattern OID = Pattern.compile("[0-2](\\.(0|[1-9][0-9]*))+");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /// Where Linux distributions keep the authorities that they trust.
  private static final List<Path> SYSTEM_ROOTS =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private ValidationDecoder() {}

  /// @param files told of each file that is read
  static ValidationConfig validation(
      CertificateValidationContext wire, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    at.unsupported(wire.hasCaCertificateProviderInstance(), "ca_certificate_provider_instance");
    at.unsupported(
        wire.getRequireSignedCertificateTimestamp().getValue(),
        "require_signed_certificate_timestamp");
    var spiffe =
        wire.hasCustomValidatorConfig()
            ? spiffe(wire, at.at("custom_validator_config"), files)
            : Map.<String, TrustConfig>of();
    return new ValidationConfig(
        trusted(wire, at, files),
        wire.hasCrl() ? crl(wire, at.at("crl"), files) : List.of(),
        hashes(wire, at),
        List.copyOf(wire.getVerifyCertificateSpkiList()),
        names(wire, at),
        spiffe,
        new ValidationConfig.Leniency(
            wire.getAllowExpiredCertificate(),
            wire.getTrustChainVerification() == TrustChainVerification.ACCEPT_UNTRUSTED,
            wire.getOnlyVerifyLeafCertCrl(),
            wire.hasMaxVerifyDepth() ? wire.getMaxVerifyDepth().getValue() : -1,
            NewerFields.of(wire, NewerCertificateValidationContext.getDefaultInstance())
                .getSuppressClientCaList()));
  }

  private static @Nullable TrustConfig trusted(
      CertificateValidationContext wire, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    if (wire.hasTrustedCa()) {
      var there = at.at("trusted_ca");
      return trust(DataSourceDecoder.data(wire.getTrustedCa(), there, files), there);
    }
    return wire.hasSystemRootCerts() ? systemRoots(at.at("system_root_certs")) : null;
  }

  private static TrustConfig trust(DataSourceDecoder.Data pem, Field at)
      throws InvalidResourceException {
    var all =
        CertificateDecoder.certificates(pem, at, "Failed to load trusted CA certificates from ");
    return new TrustConfig(pem.origin(), all);
  }

  private static TrustConfig systemRoots(Field at) throws InvalidResourceException {
    for (var path : SYSTEM_ROOTS) {
      if (Files.isReadable(path)) {
        var wire = DataSource.newBuilder().setFilename(path.toString()).build();
        return trust(DataSourceDecoder.data(wire, at, _ -> {}), at);
      }
    }
    throw at.invalid("this system keeps no trusted certificates in a place that is known");
  }

  private static List<X509CRL> crl(
      CertificateValidationContext wire, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    var pem = DataSourceDecoder.data(wire.getCrl(), at, files);
    var failure = "Failed to load CRL from " + pem.origin();
    try {
      var factory = CertificateFactory.getInstance("X.509");
      var all = new ArrayList<X509CRL>();
      for (var block : PemText.blocks(pem.text())) {
        if (block.label().equals("X509 CRL")) {
          all.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(block.content())));
        }
      }
      at.require(!all.isEmpty(), failure);
      return List.copyOf(all);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw at.invalid(failure + ": " + e.getMessage());
    }
  }

  private static List<String> hashes(CertificateValidationContext wire, Field at) {
    return at.each(
        "verify_certificate_hash",
        wire.getVerifyCertificateHashList(),
        (hash, there) -> {
          var digits = hash.replace(":", "").toLowerCase(Locale.ROOT);
          there.check(HASH.matcher(digits).matches(), "Invalid hex-encoded SHA-256 " + hash);
          return digits;
        });
  }

  @SuppressWarnings("deprecation") // what match_typed_subject_alt_names was before
  private static List<SanMatch> names(CertificateValidationContext wire, Field at) {
    var all = new ArrayList<SanMatch>();
    all.addAll(
        at.each(
            "match_typed_subject_alt_names",
            wire.getMatchTypedSubjectAltNamesList(),
            ValidationDecoder::name));
    for (var list :
        at.each(
            "match_subject_alt_names",
            wire.getMatchSubjectAltNamesList(),
            TextMatchDecoder::decode)) {
      for (var kind : List.of(Kind.DNS, Kind.URI, Kind.EMAIL, Kind.IP)) {
        all.add(new SanMatch(kind, list, ""));
      }
    }
    return List.copyOf(all);
  }

  private static SanMatch name(SubjectAltNameMatcher wire, Field at)
      throws InvalidResourceException {
    var match = TextMatchDecoder.decode(wire.getMatcher(), at.at("matcher"));
    var kind =
        switch (wire.getSanType()) {
          case EMAIL -> Kind.EMAIL;
          case DNS -> Kind.DNS;
          case URI -> Kind.URI;
          case IP_ADDRESS -> Kind.IP;
          case OTHER_NAME -> Kind.OTHER_NAME;
          case SAN_TYPE_UNSPECIFIED, UNRECOGNIZED -> throw at.at("san_type").invalid("is required");
        };
    if (kind == Kind.OTHER_NAME) {
      at.at("oid").require(!wire.getOid().isEmpty(), "oid is required for OTHER_NAME san type.");
      at.at("oid").check(OID.matcher(wire.getOid()).matches(), "invalid oid: " + wire.getOid());
    }
    return new SanMatch(kind, match, wire.getOid());
  }

  private static Map<String, TrustConfig> spiffe(
      CertificateValidationContext wire, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    var custom = wire.getCustomValidatorConfig();
    if (!(ExtensionDecoder.unpack(custom, at) instanceof SPIFFECertValidatorConfig config)) {
      throw at.at("typed_config")
          .invalid("Failed to get certificate validator factory from " + custom.getName());
    }
    var there = at.at("typed_config");
    there.unsupported(config.hasTrustBundles(), "trust_bundles");
    var domains = new LinkedHashMap<String, TrustConfig>();
    for (int i = 0; i < config.getTrustDomainsCount(); i++) {
      var domain = config.getTrustDomains(i);
      var domainAt = there.at("trust_domains", i);
      domainAt.unsupported(
          !NewerFields.of(domain, NewerTrustDomain.getDefaultInstance())
              .getWorkloadTrustDomain()
              .isEmpty(),
          "workload_trust_domain");
      var bundleAt = domainAt.at("trust_bundle");
      var bundle =
          trust(DataSourceDecoder.data(domain.getTrustBundle(), bundleAt, files), bundleAt);
      domainAt.check(
          domains.put(domain.getName(), bundle) == null,
          "Multiple trust bundles are given for one trust domain for " + domain.getName());
    }
    return Map.copyOf(domains);
  }
}
