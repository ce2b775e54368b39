package dev.weir.lab;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HexFormat;

/// What tests ask of certificates in files.
final class Certificates {
  private Certificates() {}

  /// The SHA-256 of the first certificate in a file, in hexadecimal digits.
  static String sha256(String file) {
    try {
      return HexFormat.of().formatHex(sha256(first(file).getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The SHA-256 of the public key of the first certificate in a file, in Base64.
  static String spki(String file) {
    return Base64.getEncoder().encodeToString(sha256(first(file).getPublicKey().getEncoded()));
  }

  private static Certificate first(String file) {
    try {
      var bytes = Files.readAllBytes(Path.of(file));
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(bytes));
    } catch (IOException | CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
