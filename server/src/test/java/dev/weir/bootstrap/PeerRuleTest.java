package dev.weir.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weir.config.Field;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerRuleTest {
  /// Names: DNS a.example.com and *.wild.example.com, URI spiffe://td/ns/x/sa/y, IP 10.0.0.7, email
  /// me@example.com.
  private static final String PEM =
      """
      -----BEGIN CERTIFICATE-----
      MIIB3DCCAYKgAwIBAgIUH6uAgIP+SxqgMXLCSF1FV4cZQ4UwCgYIKoZIzj0EAwIw
      FDESMBAGA1UEAwwJd2VpciB0ZXN0MCAXDTI2MTEyMzA0NTAzNloYDzIxMjYxMDMw
      MDQ1MDM2WjAUMRIwEAYDVQQDDAl3ZWlyIHRlc3QwWTATBgcqhkjOPQIBBggqhkjO
      PQMBBwNCAATAg6LPc2Envjo+th/xpRb9CvR205ZNGia0Aj/nL83+75ZS08IiSxpE
      Xl00t+060EGeHHzQojgw6PKo4aKp1n9yo4GvMIGsMB0GA1UdDgQWBBT6ggsyKCjd
      staWgm29MGPwuh6fBDAfBgNVHSMEGDAWgBT6ggsyKCjdstaWgm29MGPwuh6fBDAP
      BgNVHRMBAf8EBTADAQH/MFkGA1UdEQRSMFCCDWEuZXhhbXBsZS5jb22CEioud2ls
      ZC5leGFtcGxlLmNvbYYVc3BpZmZlOi8vdGQvbnMveC9zYS95hwQKAAAHgQ5tZUBl
      eGFtcGxlLmNvbTAKBggqhkjOPQQDAgNIADBFAiEAraSdp+WZ4m4CR2OtpFXZ/Ubn
      SJhgDxWF8igAi5q2OAUCIHJHTLm+7kUiM1KJB0/kduv14oLQ2ZN+OXy10M3edPcl
      -----END CERTIFICATE-----
      """;

  private static final String HASH =
      "37e49b51d0240f2a4555ab7ccb585d719e7d556a653056b86c8e8b334c684927";
  private static final String KEY = "LXs31Pn0jo3cvpsx9d07gnfsne0JKBWm6bgVtMyZl/k=";

  private static X509Certificate certificate() throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(PEM.getBytes(StandardCharsets.US_ASCII)));
  }

  private static boolean accepts(String yaml) throws Exception {
    var wire =
        WireText.parse(
                "trusted_ca: { inline_string: x }\n" + yaml,
                WireFormat.YAML,
                CertificateValidationContext.getDefaultInstance(),
                OnUnknown.REJECT)
            .message();
    return PeerRule.of(wire, Field.root("")).test(certificate());
  }

  @ParameterizedTest
  @CsvSource({
    "DNS, exact: a.example.com, true",
    "DNS, exact: b.example.com, false",
    "DNS, exact: x.wild.example.com, true",
    "DNS, exact: x.y.wild.example.com, false",
    "DNS, suffix: .example.com, true",
    "URI, prefix: spiffe://td/, true",
    "URI, exact: a.example.com, false",
    "IP_ADDRESS, exact: 10.0.0.7, true",
    "EMAIL, exact: me@example.com, true",
  })
  void aCertificateHasOneOfTheNames(String type, String matcher, boolean accepted)
      throws Exception {
    assertEquals(
        accepted,
        accepts(
            "match_typed_subject_alt_names: [{ san_type: %s, matcher: { %s } }]"
                .formatted(type, matcher)));
  }

  @Test
  void aNameOfAnyKindWillDoInTheFormerField() throws Exception {
    assertEquals(true, accepts("match_subject_alt_names: [{ exact: spiffe://td/ns/x/sa/y }]"));
  }

  @Test
  void aPinOfTheCertificateOrOfItsKeyIsEnough() throws Exception {
    var other = "0".repeat(HASH.length());
    assertEquals(true, accepts("verify_certificate_hash: [" + quoted(HASH) + "]"));
    assertEquals(true, accepts("verify_certificate_spki: [" + quoted(KEY) + "]"));
    assertEquals(false, accepts("verify_certificate_hash: [" + quoted(other) + "]"));
    assertEquals(
        true,
        accepts(
            "verify_certificate_hash: [%s]\nverify_certificate_spki: [%s]"
                .formatted(quoted(other), quoted(KEY))));
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  @Test
  void namesNeedSomebodyToTrust() throws Exception {
    var at = Field.root("");
    var wire =
        WireText.parse(
                "match_subject_alt_names: [{ exact: a }]",
                WireFormat.YAML,
                CertificateValidationContext.getDefaultInstance(),
                OnUnknown.REJECT)
            .message();
    PeerRule.of(wire, at);
    assertFalse(at.problems().isEmpty());
  }
}
