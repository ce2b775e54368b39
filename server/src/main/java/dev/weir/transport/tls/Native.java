package dev.weir.transport.tls;

import dev.weir.config.Bytes;
import dev.weir.config.CertificateConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.OpenSsl;
import io.netty.internal.tcnative.Buffer;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLCredential;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/// What BoringSSL is handed, which knows texts and addresses only. Any thread.
final class Native {
  private Native() {}

  /// Loads BoringSSL.
  ///
  /// @throws IllegalStateException if it is not there for this machine
  static void load() {
    if (!OpenSsl.isAvailable()) {
      throw new IllegalStateException(
          "TLS needs BoringSSL, which is not there for this machine",
          OpenSsl.unavailabilityCause());
    }
  }

  /// Where a direct buffer's index 0 is.
  static long address(ByteBuf buffer) {
    if (buffer.hasMemoryAddress()) {
      return buffer.memoryAddress();
    }
    var view = buffer.internalNioBuffer(0, buffer.capacity());
    return Buffer.address(view) + view.position();
  }

  /// Something that is made of a text.
  private interface Reader {
    long read(long bio) throws Exception;
  }

  /// A certificate with its chain and key, for the library to choose among others. Whoever asks has
  /// to free it.
  ///
  /// @param staple what it is stapled with; empty for nothing
  /// @throws IllegalStateException if the library does not take it
  static long credential(CertificateConfig certificate, Bytes staple) {
    long key = 0;
    long chain = 0;
    try {
      key = read(pem(certificate.key()), bio -> SSL.parsePrivateKey(bio, ""));
      chain = read(pem(certificate.chain()), SSL::parseX509Chain);
      long credential = SSLCredential.newX509();
      try {
        SSLCredential.setPrivateKey(credential, key);
        SSLCredential.setCertChain(credential, chain);
        if (!staple.isEmpty()) {
          SSLCredential.setOcspResponse(credential, staple.toArray());
        }
        return credential;
      } catch (Exception e) {
        SSLCredential.free(credential);
        throw e;
      }
    } catch (Exception e) {
      throw refused(certificate.toString(), e);
    } finally {
      if (key != 0) {
        SSL.freePrivateKey(key);
      }
      if (chain != 0) {
        SSL.freeX509Chain(chain);
      }
    }
  }

  static void freeCredential(long credential) {
    try {
      SSLCredential.free(credential);
    } catch (Exception e) {
      throw refused("a credential to free", e);
    }
  }

  private static long read(String text, Reader reader) throws Exception {
    long bio = bio(text);
    try {
      return reader.read(bio);
    } finally {
      SSL.freeBIO(bio);
    }
  }

  /// A text that the library reads; to be freed.
  static long bio(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    var direct = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    try {
      long bio = SSL.newMemBIO();
      if (SSL.bioWrite(bio, address(direct), bytes.length) != bytes.length) {
        SSL.freeBIO(bio);
        throw new IllegalStateException("no room for " + bytes.length + " bytes");
      }
      return bio;
    } catch (Exception e) {
      throw refused("a text", e);
    } finally {
      direct.setZero(0, bytes.length).release(); // it may be a key
    }
  }

  static String pem(List<X509Certificate> certificates) {
    var text = new StringBuilder();
    for (var certificate : certificates) {
      try {
        text.append(pem("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("a certificate that was decoded cannot be encoded", e);
      }
    }
    return text.toString();
  }

  static String pem(PrivateKey key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(String label, byte[] content) {
    var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  static IllegalStateException refused(String what, Exception why) {
    return new IllegalStateException(
        "BoringSSL does not take " + what + ": " + why.getMessage(), why);
  }
}
