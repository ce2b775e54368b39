package dev.weir.transport.tls;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/// A certificate, and what may be asked about it: for policies, headers and access logs. Nothing is
/// worked out before it is asked for. Immutable; any thread.
public final class TlsCertificate {
  private static final int OTHER_NAME = 0;
  private static final int EMAIL = 1;
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final int IP = 7;

  /// Attribute types that RFC 2253 prints as numbers, and OpenSSL by name.
  private static final Map<String, String> ATTRIBUTE_NAMES =
      Map.of("1.2.840.113549.1.9.1", "emailAddress");

  private final X509Certificate certificate;

  /// @param certificate what it is about
  public TlsCertificate(X509Certificate certificate) {
    this.certificate = certificate;
  }

  /// The certificate itself.
  public X509Certificate x509() {
    return certificate;
  }

  /// Whether its key is for ECDSA, and not for RSA.
  boolean isEcdsa() {
    return certificate.getPublicKey().getAlgorithm().equals("EC");
  }

  /// Whom it is for, in the manner of RFC 2253: the most specific part first.
  public String subject() {
    return text(certificate.getSubjectX500Principal());
  }

  /// Who has signed it, in the manner of RFC 2253.
  public String issuer() {
    return text(certificate.getIssuerX500Principal());
  }

  private static String text(X500Principal name) {
    return name.getName(X500Principal.RFC2253, ATTRIBUTE_NAMES);
  }

  /// The serial number in lower-case hexadecimal digits, whole bytes of them.
  public String serial() {
    BigInteger number = certificate.getSerialNumber();
    var digits = number.abs().toString(16);
    return (number.signum() < 0 ? "-" : "") + (digits.length() % 2 == 0 ? "" : "0") + digits;
  }

  /// From when on it is valid.
  public Instant notBefore() {
    return certificate.getNotBefore().toInstant();
  }

  /// Until when it is valid.
  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  /// The SHA-256 of all of it, in lower-case hexadecimal digits.
  public String sha256() {
    return HexFormat.of().formatHex(hash("SHA-256", encoded()));
  }

  /// The SHA-1 of all of it, in lower-case hexadecimal digits.
  public String sha1() {
    return HexFormat.of().formatHex(hash("SHA-1", encoded()));
  }

  /// The SHA-256 of its public key with what kind of key it is (SPKI), in Base64.
  public String spkiSha256() {
    var digest = hash("SHA-256", certificate.getPublicKey().getEncoded());
    return Base64.getEncoder().encodeToString(digest);
  }

  /// Its text form, encoded as a part of a URL is.
  public String urlEncodedPem() {
    var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded());
    var pem = "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    return URLEncoder.encode(pem, StandardCharsets.US_ASCII).replace("+", "%20");
  }

  private byte[] encoded() {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was decoded cannot be encoded", e);
    }
  }

  private static byte[] hash(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has them
    }
  }

  /// All alternative names as texts, in their order.
  List<String> allNames() {
    return entries().stream().map(TlsCertificate::text).toList();
  }

  private static String text(List<?> entry) {
    return switch (entry.getFirst()) {
      case Integer kind when kind == IP -> shortest(String.valueOf(entry.get(1)));
      case Integer kind when kind == OTHER_NAME -> entry.size() > 3 ? entry.get(3).toString() : "";
      default -> String.valueOf(entry.get(1));
    };
  }

  /// The alternative names that are URIs.
  public List<String> uris() {
    return names(URI);
  }

  /// The alternative names that are DNS names.
  public List<String> dnsNames() {
    return names(DNS);
  }

  /// The host names that a server may show it for: its DNS names, or the common name of one that
  /// has none.
  List<String> namesToServe() {
    var names = dnsNames();
    if (!names.isEmpty()) {
      return names;
    }
    try {
      for (var part : new LdapName(subject()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return List.of(String.valueOf(part.getValue()));
        }
      }
    } catch (InvalidNameException _) {
      // Then it has none.
    }
    return List.of();
  }

  /// The alternative names that are e-mail addresses.
  public List<String> emails() {
    return names(EMAIL);
  }

  /// The alternative names that are IP addresses, in their shortest form.
  public List<String> ips() {
    return names(IP).stream().map(TlsCertificate::shortest).toList();
  }

  private static String shortest(String ip) {
    try {
      return ip.indexOf(':') < 0 ? ip : NetUtil.toAddressString(InetAddress.getByName(ip));
    } catch (UnknownHostException _) {
      return ip;
    }
  }

  /// The alternative names of other kinds, where their value is a text.
  ///
  /// @param type the object identifier of the kind; empty for all
  public List<String> otherNames(String type) {
    return entries().stream()
        .filter(entry -> entry.getFirst().equals(OTHER_NAME) && entry.size() > 3)
        .filter(entry -> type.isEmpty() || type.equals(entry.get(2)))
        .map(entry -> String.valueOf(entry.get(3)))
        .toList();
  }

  private List<String> names(int kind) {
    return entries().stream()
        .filter(entry -> entry.getFirst().equals(kind))
        .map(entry -> String.valueOf(entry.get(1)))
        .toList();
  }

  private Collection<List<?>> entries() {
    try {
      return Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.of());
    } catch (CertificateParsingException _) {
      return List.of(); // names that cannot be read match nothing
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TlsCertificate that && certificate.equals(that.certificate);
  }

  @Override
  public int hashCode() {
    return certificate.hashCode();
  }

  @Override
  public String toString() {
    return subject();
  }
}
