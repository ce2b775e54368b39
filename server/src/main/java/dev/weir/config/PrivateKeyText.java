package dev.weir.config;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Private keys in PEM: PKCS#8 (RFC 5958), perhaps encrypted; PKCS#1 for RSA (RFC 8017), SEC 1 for
/// elliptic curves (RFC 5915).
final class PrivateKeyText {
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int CURVE = 0xa0;
  private static final byte[] VERSION = {0x02, 0x01, 0x00};
  private static final byte[] RSA = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };
  private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private PrivateKeyText() {}

  /// The key in a text.
  ///
  /// @param password for one that is encrypted; may be empty
  /// @throws GeneralSecurityException if there is none that can be read; says why
  static PrivateKey parse(String pem, String password) throws GeneralSecurityException {
    for (var block : PemText.blocks(pem)) {
      if (block.encrypted()) {
        throw new InvalidKeySpecException("the encryption of PEM itself is not supported");
      }
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return key(new PKCS8EncodedKeySpec(block.content()));
        }
        case "ENCRYPTED PRIVATE KEY" -> {
          return key(decrypted(block.content(), password));
        }
        case "RSA PRIVATE KEY" -> {
          var info = element(SEQUENCE, VERSION, RSA, element(OCTETS, block.content()));
          return key(new PKCS8EncodedKeySpec(info));
        }
        case "EC PRIVATE KEY" -> {
          return key(ofCurve(block.content()));
        }
        default -> {}
      }
    }
    throw new InvalidKeySpecException("there is no private key in it");
  }

  private static KeySpec decrypted(byte[] content, String password)
      throws GeneralSecurityException {
    try {
      var info = new EncryptedPrivateKeyInfo(content);
      var parameters = info.getAlgParameters();
      var algorithm =
          info.getAlgName().equals("PBES2") ? String.valueOf(parameters) : info.getAlgName();
      var key =
          SecretKeyFactory.getInstance(algorithm)
              .generateSecret(new PBEKeySpec(password.toCharArray()));
      var cipher = Cipher.getInstance(algorithm);
      cipher.init(Cipher.DECRYPT_MODE, key, parameters);
      return info.getKeySpec(cipher);
    } catch (IOException e) {
      throw new InvalidKeySpecException(e.getMessage(), e);
    }
  }

  private static PrivateKey key(KeySpec spec) throws GeneralSecurityException {
    for (var algorithm : List.of("RSA", "EC")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException _) {
        // Then it is of the next kind.
      }
    }
    throw new InvalidKeySpecException("it is neither a key for RSA nor for ECDSA");
  }

  /// PKCS#8 says which curve it is outside the key, SEC 1 inside.
  private static KeySpec ofCurve(byte[] key) throws InvalidKeySpecException {
    for (int at = 0; at < key.length - 2; at++) {
      if ((key[at] & 0xff) == CURVE && key[at + 2] == 0x06 && key[at + 1] == key[at + 3] + 2) {
        var curve = Arrays.copyOfRange(key, at + 2, at + 4 + key[at + 3]);
        var info = element(SEQUENCE, VERSION, element(SEQUENCE, EC, curve), element(OCTETS, key));
        return new PKCS8EncodedKeySpec(info);
      }
    }
    throw new InvalidKeySpecException("the key does not name its curve");
  }

  private static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (var part : parts) {
      length += part.length;
    }
    var out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
