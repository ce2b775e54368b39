package dev.weir.config;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Makes [TlsParams].
final class TlsParamsDecoder {
  private TlsParamsDecoder() {}

  private static final List<String> CIPHERS =
      List.of(
          "[ECDHE-ECDSA-AES128-GCM-SHA256|ECDHE-ECDSA-CHACHA20-POLY1305]",
          "[ECDHE-RSA-AES128-GCM-SHA256|ECDHE-RSA-CHACHA20-POLY1305]",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384");
  private static final List<String> CURVES = List.of("X25519", "P-256");

  private static final List<String> FIPS_CIPHERS =
      List.of(
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-RSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384");
  private static final List<String> FIPS_CURVES = List.of("P-256", "P-384");

  /// What BoringSSL knows, for TLS 1.2 and older.
  private static final Set<String> KNOWN_CIPHERS =
      Set.of(
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-RSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384",
          "ECDHE-ECDSA-CHACHA20-POLY1305",
          "ECDHE-RSA-CHACHA20-POLY1305",
          "ECDHE-PSK-CHACHA20-POLY1305",
          "ECDHE-ECDSA-AES128-SHA",
          "ECDHE-RSA-AES128-SHA",
          "ECDHE-PSK-AES128-CBC-SHA",
          "ECDHE-ECDSA-AES256-SHA",
          "ECDHE-RSA-AES256-SHA",
          "ECDHE-PSK-AES256-CBC-SHA",
          "ECDHE-RSA-AES128-SHA256",
          "AES128-GCM-SHA256",
          "AES256-GCM-SHA384",
          "AES128-SHA",
          "AES256-SHA",
          "PSK-AES128-CBC-SHA",
          "PSK-AES256-CBC-SHA");

  private static final Set<String> KNOWN_CURVES =
      Set.of("X25519", "P-256", "P-384", "P-521", "X25519MLKEM768", "MLKEM1024");

  /// @param newest what the side speaks that does not say
  static TlsParams params(TlsParameters wire, TlsVersion newest, Field at) {
    at.unsupported(wire.getSignatureAlgorithmsCount() > 0, "signature_algorithms");
    var min = version(wire.getTlsMinimumProtocolVersion(), TlsVersion.TLS_1_2);
    var max = version(wire.getTlsMaximumProtocolVersion(), newest);
    var ciphers =
        wire.getCipherSuitesCount() == 0 ? CIPHERS : List.copyOf(wire.getCipherSuitesList());
    var curves = wire.getEcdhCurvesCount() == 0 ? CURVES : List.copyOf(wire.getEcdhCurvesList());
    checkCiphers(ciphers, at.at("cipher_suites"));
    checkCurves(curves, at.at("ecdh_curves"));
    at.check(
        min.compareTo(max) <= 0,
        "tls_minimum_protocol_version is newer than tls_maximum_protocol_version");
    return wire.getCompliancePoliciesCount() > 0
        ? compliant(wire, at)
        : new TlsParams(min, max, ciphers, curves);
  }

  /// A policy decides about everything.
  private static TlsParams compliant(TlsParameters wire, Field at) {
    switch (wire.getCompliancePolicies(0)) {
      case FIPS_202205 -> {}
      case UNRECOGNIZED -> at.at("compliance_policies", 0).check(false, "not supported");
    }
    return new TlsParams(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3, FIPS_CIPHERS, FIPS_CURVES);
  }

  private static TlsVersion version(TlsProtocol wire, TlsVersion unset) {
    return switch (wire) {
      case TLS_AUTO, UNRECOGNIZED -> unset;
      case TLSv1_0 -> TlsVersion.TLS_1_0;
      case TLSv1_1 -> TlsVersion.TLS_1_1;
      case TLSv1_2 -> TlsVersion.TLS_1_2;
      case TLSv1_3 -> TlsVersion.TLS_1_3;
    };
  }

  private static void checkCiphers(List<String> ciphers, Field at) {
    var bad = new ArrayList<String>();
    for (var entry : ciphers) {
      boolean group = entry.startsWith("[") && entry.endsWith("]");
      var names = group ? entry.substring(1, entry.length() - 1) : entry;
      for (var name : names.split("\\|", -1)) {
        if (!KNOWN_CIPHERS.contains(name.startsWith("-") ? name.substring(1) : name)) {
          bad.add(name);
        }
      }
    }
    at.check(
        bad.isEmpty(),
        "Failed to initialize cipher suites "
            + String.join(":", ciphers)
            + ". The following ciphers were rejected when tried individually: "
            + String.join(", ", bad));
  }

  private static void checkCurves(List<String> curves, Field at) {
    at.check(
        KNOWN_CURVES.containsAll(curves),
        "Failed to initialize ECDH curves " + String.join(":", curves));
  }
}
