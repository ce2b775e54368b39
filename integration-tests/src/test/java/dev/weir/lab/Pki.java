package dev.weir.lab;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/// Certificates for tests, as files that a proxy can read. Each is made when it is first named.
final class Pki {
  @SuppressWarnings("TimeInStaticInitializer") // all certificates of a run fit together
  private static final Instant NOW = Instant.now();

  private final Path folder;
  private int serial = 1;

  /// @param folder where the files go
  Pki(Path folder) {
    this.folder = folder;
  }

  /// A certificate with its key and the chain above it.
  record Identity(
      String name, X509Certificate certificate, KeyPair keys, List<X509Certificate> chain) {

    /// For clients and servers of this JVM.
    KeyManagerFactory keyManagers() throws GeneralSecurityException, IOException {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "key", keys.getPrivate(), new char[0], chain.toArray(X509Certificate[]::new));
      var factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, new char[0]);
      return factory;
    }
  }

  /// What a certificate is to be.
  ///
  /// @param san such as `DNS:a.test,URI:spiffe://a/b,other:1.2.3=text`; empty for none
  /// @param usage bits of [KeyUsage]; 0 for any
  /// @param purposes empty for any
  record Wish(
      @Nullable Identity issuer,
      String san,
      boolean authority,
      boolean rsa,
      Instant from,
      Instant to,
      int usage,
      List<KeyPurposeId> purposes) {

    static Wish of(@Nullable Identity issuer, String san) {
      return new Wish(
          issuer,
          san,
          false,
          false,
          NOW.minus(Duration.ofDays(2)),
          NOW.plus(Duration.ofDays(100)),
          san.isEmpty() ? 0 : KeyUsage.digitalSignature,
          List.of());
    }

    static Wish authority(@Nullable Identity issuer) {
      var like = of(issuer, "");
      return new Wish(issuer, "", true, false, like.from, like.to, 0, List.of());
    }

    Wish valid(Duration from, Duration to) {
      return new Wish(issuer, san, authority, rsa, NOW.plus(from), NOW.plus(to), usage, purposes);
    }

    Wish withRsa() {
      return new Wish(issuer, san, authority, true, from, to, usage, purposes);
    }

    Wish only(KeyPurposeId purpose) {
      return new Wish(issuer, san, authority, rsa, from, to, usage, List.of(purpose));
    }

    /// @param usage bits of [KeyUsage]
    Wish using(int usage) {
      return new Wish(issuer, san, authority, rsa, from, to, usage, purposes);
    }
  }

  /// Makes a certificate, and writes `<name>.pem` (with its chain) and `<name>.key`.
  Identity make(String name, Wish wish) {
    try {
      var keys = keys(wish.rsa);
      var issuer = wish.issuer;
      var subject = new X500Name("CN=" + name);
      var issuerName = issuer == null ? subject : new X500Name("CN=" + issuer.name());
      var builder =
          new JcaX509v3CertificateBuilder(
              issuerName,
              BigInteger.valueOf(serial++),
              Date.from(wish.from),
              Date.from(wish.to),
              subject,
              keys.getPublic());
      extend(builder, wish);
      var signer = (issuer == null ? keys : issuer.keys()).getPrivate();
      var certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder(
                              signer.getAlgorithm().equals("RSA")
                                  ? "SHA256withRSA"
                                  : "SHA256withECDSA")
                          .build(signer)));
      var chain = new ArrayList<X509Certificate>();
      chain.add(certificate);
      if (issuer != null && issuer.chain().size() > 0 && !isRoot(issuer)) {
        chain.addAll(issuer.chain());
      }
      var identity = new Identity(name, certificate, keys, chain);
      write(name + ".pem", chain.toArray());
      write(name + ".key", new PemObject("PRIVATE KEY", keys.getPrivate().getEncoded()));
      return identity;
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isRoot(Identity identity) {
    var certificate = identity.certificate();
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static KeyPair keys(boolean rsa) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance(rsa ? "RSA" : "EC");
    if (rsa) {
      generator.initialize(2048);
    } else {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    }
    return generator.generateKeyPair();
  }

  private static void extend(JcaX509v3CertificateBuilder builder, Wish wish)
      throws CertIOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(wish.authority));
    if (!wish.san.isEmpty()) {
      var names =
          Stream.of(wish.san.split(","))
              .map(it -> it.split(":", 2))
              .map(it -> generalName(it[0], it[1]))
              .toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
    if (wish.usage != 0) {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(wish.usage));
    }
    if (!wish.purposes.isEmpty()) {
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(wish.purposes.toArray(KeyPurposeId[]::new)));
    }
  }

  private static GeneralName generalName(String kind, String value) {
    if (kind.equals("other")) {
      var parts = value.split("=", 2);
      var name = new OtherName(new ASN1ObjectIdentifier(parts[0]), new DERUTF8String(parts[1]));
      return new GeneralName(GeneralName.otherName, name);
    }
    return new GeneralName(kind(kind), value);
  }

  private static int kind(String name) {
    return switch (name) {
      case "DNS" -> GeneralName.dNSName;
      case "URI" -> GeneralName.uniformResourceIdentifier;
      case "IP" -> GeneralName.iPAddress;
      case "email" -> GeneralName.rfc822Name;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /// Writes `<name>.crl`, a list of what an authority has revoked.
  void revoke(String name, Identity authority, Identity... revoked) {
    try {
      var builder =
          new JcaX509v2CRLBuilder(authority.certificate(), Date.from(NOW.minusSeconds(60)));
      builder.setNextUpdate(Date.from(NOW.plus(Duration.ofDays(10))));
      for (var identity : revoked) {
        builder.addCRLEntry(
            identity.certificate().getSerialNumber(),
            Date.from(NOW.minusSeconds(60)),
            CRLReason.keyCompromise);
      }
      var signer =
          new JcaContentSignerBuilder("SHA256withECDSA").build(authority.keys().getPrivate());
      write(name + ".crl", new JcaX509CRLConverter().getCRL(builder.build(signer)));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Writes `<name>.ocsp`, in which an authority says that it stands by a certificate.
  ///
  /// @param end until when that counts
  void staple(String name, Identity authority, Identity certificate, Duration end) {
    try {
      var sha1 = new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1);
      var issuer = new JcaX509CertificateHolder(authority.certificate());
      var begin = Date.from(NOW.minus(Duration.ofDays(10)));
      var response =
          new BasicOCSPRespBuilder(new RespID(issuer.getSubject()))
              .addResponse(
                  new CertificateID(sha1, issuer, certificate.certificate().getSerialNumber()),
                  CertificateStatus.GOOD,
                  begin,
                  Date.from(NOW.plus(end)))
              .build(
                  new JcaContentSignerBuilder("SHA256withECDSA")
                      .build(authority.keys().getPrivate()),
                  null,
                  begin);
      var whole = new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, response);
      Files.write(folder.resolve(name + ".ocsp"), whole.getEncoded());
    } catch (OperatorCreationException | OCSPException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where a file is.
  String path(String name) {
    return folder.resolve(name).toString();
  }

  private void write(String name, Object... content) {
    try {
      var text = new StringWriter();
      try (var pem = new JcaPEMWriter(text)) {
        for (var one : content) {
          pem.writeObject(one);
        }
      }
      Files.writeString(folder.resolve(name), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
