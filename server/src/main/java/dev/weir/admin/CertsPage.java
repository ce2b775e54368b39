package dev.weir.admin;

import dev.weir.config.CertificateConfig;
import dev.weir.config.TrustConfig;
import dev.weir.transport.tls.CertificateExpiries;
import dev.weir.transport.tls.TlsCertificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `/certs`: the certificates that are shown and trusted, with their names and how long they are
/// valid.
final class CertsPage {
  private final CertificateExpiries certificates;

  CertsPage(CertificateExpiries certificates) {
    this.certificates = certificates;
  }

  Page page() {
    return Page.view("/certs", "Certificates in use", _ -> show());
  }

  private AdminResponse show() {
    var all = certificates.all().stream().map(CertsPage::inUse).toList();
    return AdminResponse.json(out -> Json.write(Map.of("certificates", all), out));
  }

  private static Map<String, Object> inUse(CertificateExpiries.InUse one) {
    var trusted = one.rules().trusted();
    var bundles = new ArrayList<TrustConfig>(one.rules().spiffe().values());
    if (trusted != null) {
      bundles.addFirst(trusted);
    }
    var shown = new LinkedHashMap<String, Object>();
    shown.put(
        "ca_cert",
        bundles.stream()
            .flatMap(
                bundle -> bundle.anchors().stream().map(anchor -> details(bundle.origin(), anchor)))
            .toList());
    shown.put("cert_chain", one.shown().stream().map(CertsPage::leaf).toList());
    return shown;
  }

  private static Map<String, Object> leaf(CertificateConfig certificate) {
    return details(certificate.origin(), certificate.leaf());
  }

  private static Map<String, Object> details(String origin, X509Certificate x509) {
    var certificate = new TlsCertificate(x509);
    var details = new LinkedHashMap<String, Object>();
    details.put("path", origin);
    details.put("serial_number", certificate.serial());
    details.put("subject_alt_names", names(certificate));
    details.put("days_until_expiration", Long.toString(CertificateExpiries.days(x509)));
    details.put("valid_from", certificate.notBefore().toString());
    details.put("expiration_time", certificate.notAfter().toString());
    return details;
  }

  private static List<Map<String, String>> names(TlsCertificate certificate) {
    return Stream.of(
            certificate.dnsNames().stream().map(name -> Map.of("dns", name)),
            certificate.uris().stream().map(name -> Map.of("uri", name)),
            certificate.ips().stream().map(name -> Map.of("ip_address", name)))
        .flatMap(names -> names)
        .toList();
  }
}
