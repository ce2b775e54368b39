package dev.weir.config;

import dev.weir.config.TlsConfig.Certificates;
import java.security.interfaces.ECKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the JDK's TLS can do of that which a configuration may ask for, and what it calls it. Any
/// thread may call.
public final class JdkTls {
  private static final String LACKING =
      "the JDK's TLS does not have it, and BoringSSL is not there";

  private static final List<String> MODERN_CIPHERS =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

  private static final Map<String, String> CIPHERS =
      Map.ofEntries(
          cipher("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
          cipher("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
          cipher("ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
          cipher("ECDHE-RSA-AES256-GCM-SHA384", "ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
          cipher("ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
          cipher("ECDHE-RSA-CHACHA20-POLY1305", "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
          cipher("ECDHE-ECDSA-AES128-SHA", "ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
          cipher("ECDHE-RSA-AES128-SHA", "ECDHE_RSA_WITH_AES_128_CBC_SHA"),
          cipher("ECDHE-ECDSA-AES256-SHA", "ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
          cipher("ECDHE-RSA-AES256-SHA", "ECDHE_RSA_WITH_AES_256_CBC_SHA"),
          cipher("ECDHE-RSA-AES128-SHA256", "ECDHE_RSA_WITH_AES_128_CBC_SHA256"));

  private static final Map<String, String> OPENSSL_NAMES =
      CIPHERS.entrySet().stream().collect(Collectors.toMap(Entry::getValue, Entry::getKey));

  private static final Map<String, String> GROUPS =
      Map.of("X25519", "x25519", "P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

  private JdkTls() {}

  private static Entry<String, String> cipher(String openssl, String jdk) {
    return Map.entry(openssl, "TLS_" + jdk);
  }

  /// Refuses what it cannot do.
  ///
  /// @param at the common context
  static void check(TlsConfig config, Field at) {
    check(config.params(), at.at("tls_params"));
    if (config.certificates() instanceof Certificates.Given(var all)) {
      for (var certificate : all) {
        checkCurve(certificate, config.params().curves(), at.at("tls_params"));
      }
    }
  }

  /// To the JDK, the curves for the exchange of keys are also those of certificates.
  private static void checkCurve(CertificateConfig certificate, List<String> curves, Field at) {
    if (certificate.leaf().getPublicKey() instanceof ECKey key) {
      var curve = "P-" + key.getParams().getCurve().getField().getFieldSize();
      at.at("ecdh_curves")
          .check(
              curves.contains(curve),
              "the JDK's TLS needs " + curve + " among them for the " + certificate);
    }
  }

  private static void check(TlsParams params, Field at) {
    at.at("tls_minimum_protocol_version")
        .check(params.min().compareTo(TlsVersion.TLS_1_2) >= 0, LACKING);
    for (var name : names(params.ciphers())) {
      at.at("cipher_suites").check(CIPHERS.containsKey(name), name + ": " + LACKING);
    }
    for (var name : params.curves()) {
      at.at("ecdh_curves").check(GROUPS.containsKey(name), name + ": " + LACKING);
    }
  }

  /// Refuses a field that is set.
  static void refuse(boolean present, String name, Field at) {
    at.at(name).check(!present, LACKING);
  }

  /// The suites to offer, for TLS 1.3 too, by the JDK's names; the best first.
  public static String[] ciphers(TlsParams params) {
    var all = new ArrayList<>(MODERN_CIPHERS);
    for (var name : names(params.ciphers())) {
      var suite = CIPHERS.get(name);
      if (suite != null) {
        all.add(suite);
      }
    }
    return all.toArray(String[]::new);
  }

  /// The names in a list that may have groups of equals, and some that are taken away again.
  private static List<String> names(List<String> ciphers) {
    var names = new ArrayList<String>();
    for (var entry : ciphers) {
      boolean group = entry.startsWith("[");
      for (var name : (group ? entry.substring(1, entry.length() - 1) : entry).split("\\|", -1)) {
        if (name.startsWith("-")) {
          names.remove(name.substring(1));
        } else {
          names.add(name);
        }
      }
    }
    return names;
  }

  /// The groups to offer by the JDK's names; the best first.
  public static String[] groups(TlsParams params) {
    return params.curves().stream()
        .map(name -> GROUPS.getOrDefault(name, name))
        .toArray(String[]::new);
  }

  /// The versions to offer.
  public static String[] versions(TlsParams params) {
    var all = new ArrayList<String>();
    for (var version : TlsVersion.values()) {
      if (version.compareTo(params.min()) >= 0 && version.compareTo(params.max()) <= 0) {
        all.add(version.text());
      }
    }
    return all.toArray(String[]::new);
  }

  /// A suite by OpenSSL's name; empty for none.
  public static String opensslName(@Nullable String suite) {
    if (suite == null || suite.startsWith("SSL_NULL")) {
      return "";
    }
    return OPENSSL_NAMES.getOrDefault(suite, suite);
  }
}
