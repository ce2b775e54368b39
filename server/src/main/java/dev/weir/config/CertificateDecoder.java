package dev.weir.config;

import dev.weir.config.DataSourceDecoder.Data;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerTlsCertificate;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Makes [CertificateConfig]s, and certificates of texts. Any thread may call.
final class CertificateDecoder {
  private static final Set<Integer> CURVE_BITS = Set.of(256, 384, 521);

  private CertificateDecoder() {}

  /// @param files told of each file that is read
  static CertificateConfig certificate(TlsCertificate wire, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    at.unsupported(wire.hasPrivateKeyProvider(), "private_key_provider");
    var newer = NewerFields.of(wire, NewerTlsCertificate.getDefaultInstance());
    at.unsupported(newer.hasTlsParams(), "tls_params");
    if (TlsLibrary.PRESENT == TlsLibrary.JDK) {
      JdkTls.refuse(wire.hasOcspStaple(), "ocsp_staple", at);
    }
    at.withoutEffect(wire.getSignedCertificateTimestampCount() > 0, "signed_certificate_timestamp");
    var staple =
        wire.hasOcspStaple()
            ? new Bytes(
                DataSourceDecoder.data(wire.getOcspStaple(), at.at("ocsp_staple"), files).bytes())
            : Bytes.EMPTY;
    var password =
        wire.hasPassword()
            ? DataSourceDecoder.data(wire.getPassword(), at.at("password"), files).text().strip()
            : "";
    var certificate =
        wire.hasPkcs12()
            ? ofKeyStore(wire, password, staple, at, files)
            : ofPem(wire, password, staple, at, files);
    checkKind(certificate, at);
    warnOfTime(certificate, at);
    return certificate;
  }

  private static CertificateConfig ofPem(
      TlsCertificate wire, String password, Bytes staple, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    var certificateAt = at.at("certificate_chain");
    var keyAt = at.at("private_key");
    certificateAt.require(
        wire.hasCertificateChain(),
        "Failed to load incomplete certificate from <inline>: certificate chain not set");
    var chain = DataSourceDecoder.data(wire.getCertificateChain(), certificateAt, files);
    keyAt.require(
        wire.hasPrivateKey(), "Failed to load incomplete private key from path: " + chain.origin());
    var key = DataSourceDecoder.data(wire.getPrivateKey(), keyAt, files);
    var certificates = certificates(chain, certificateAt, "Failed to load certificate chain from ");
    var config =
        new CertificateConfig(chain.origin(), certificates, key(key, password, keyAt), staple);
    keyAt.require(
        fits(config.leaf().getPublicKey(), config.key()),
        "Failed to load private key from "
            + key.origin()
            + ", Cause: KEY_VALUES_MISMATCH: it does not belong to the certificate from "
            + chain.origin());
    return config;
  }

  private static PrivateKey key(Data pem, String password, Field at)
      throws InvalidResourceException {
    try {
      return PrivateKeyText.parse(pem.text(), password);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw at.invalid(
          "Failed to load private key from " + pem.origin() + ", Cause: " + e.getMessage());
    }
  }

  private static CertificateConfig ofKeyStore(
      TlsCertificate wire, String password, Bytes staple, Field at, Consumer<Path> files)
      throws InvalidResourceException {
    var there = at.at("pkcs12");
    there.require(
        !wire.hasCertificateChain() && !wire.hasPrivateKey(),
        "Certificate configuration can't have both pkcs12 and certificate_chain/private_key");
    var data = DataSourceDecoder.data(wire.getPkcs12(), there, files);
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(data.bytes()), password.toCharArray());
      for (var alias : Collections.list(store.aliases())) {
        if (store.getKey(alias, password.toCharArray()) instanceof PrivateKey key) {
          var chain =
              Arrays.stream(store.getCertificateChain(alias))
                  .map(X509Certificate.class::cast)
                  .toList();
          return new CertificateConfig(data.origin(), chain, key, staple);
        }
      }
      throw there.invalid("Failed to load pkcs12 from " + data.origin() + ": no key in it");
    } catch (GeneralSecurityException | IOException e) {
      throw there.invalid("Failed to load pkcs12 from " + data.origin() + ": " + e.getMessage());
    }
  }

  /// Whether something that was signed by one proves to be signed by the other.
  private static boolean fits(PublicKey publicKey, PrivateKey privateKey) {
    if (!publicKey.getAlgorithm().equals(privateKey.getAlgorithm())) {
      return false;
    }
    try {
      var signature =
          Signature.getInstance(
              publicKey.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(privateKey);
      signature.update((byte) 1);
      byte[] proof = signature.sign();
      signature.initVerify(publicKey);
      signature.update((byte) 1);
      return signature.verify(proof);
    } catch (GeneralSecurityException _) {
      return false; // as of a key of another length
    }
  }

  private static void checkKind(CertificateConfig certificate, Field at) {
    var start = "Failed to load certificate chain from " + certificate.origin() + ", only ";
    switch (certificate.leaf().getPublicKey()) {
      case RSAKey key ->
          at.check(
              key.getModulus().bitLength() >= 2048,
              start + "RSA certificates with 2048-bit or larger keys are supported");
      case ECKey key ->
          at.check(
              CURVE_BITS.contains(key.getParams().getCurve().getField().getFieldSize()),
              start + "P-256, P-384 or P-521 ECDSA certificates are supported");
      default -> at.check(false, start + "RSA and ECDSA certificates are supported");
    }
  }

  private static void warnOfTime(CertificateConfig certificate, Field at) {
    var end = certificate.leaf().getNotAfter().toInstant();
    if (end.isBefore(Instant.now())) {
      at.warn("the certificate from " + certificate.origin() + " has expired on " + end);
    }
  }

  /// All certificates of a text.
  ///
  /// @param failure what an error begins with
  static List<X509Certificate> certificates(Data pem, Field at, String failure)
      throws InvalidResourceException {
    try {
      var factory = CertificateFactory.getInstance("X.509");
      var all = new ArrayList<X509Certificate>();
      for (var block : PemText.blocks(pem.text())) {
        if (block.label().endsWith("CERTIFICATE")) {
          var in = new ByteArrayInputStream(block.content());
          all.add((X509Certificate) factory.generateCertificate(in));
        }
      }
      at.require(!all.isEmpty(), failure + pem.origin());
      return List.copyOf(all);
    } catch (CertificateException | IllegalArgumentException e) {
      throw at.invalid(failure + pem.origin() + ": " + e.getMessage());
    }
  }
}
