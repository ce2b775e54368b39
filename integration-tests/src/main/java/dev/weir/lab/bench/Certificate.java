package dev.weir.lab.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// A self-signed certificate for the TLS benchmarks, in a folder as the proxies want it.
///
/// @param context for the client, which trusts everybody, and the server of the benchmark
record Certificate(SSLContext context) {
  static final String CHAIN = "chain.pem";
  static final String KEY = "key.pem";

  /// Chain and key in one file, as HAProxy reads them.
  static final String BOTH = "both.pem";

  private static final char[] PASSWORD = "benchmark".toCharArray();

  /// Makes one with the JDK's `keytool`.
  static Certificate make(Path folder) throws IOException {
    var store = folder.resolve("store.p12");
    if (!Files.exists(store)) {
      keytool(store);
    }
    try {
      var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
      var chain = pem("CERTIFICATE", keys.getCertificate("bench").getEncoded());
      var key = pem("PRIVATE KEY", keys.getKey("bench", PASSWORD).getEncoded());
      Files.writeString(folder.resolve(CHAIN), chain);
      Files.writeString(folder.resolve(KEY), key);
      Files.writeString(folder.resolve(BOTH), chain + key);
      var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(keys, PASSWORD);
      var context = SSLContext.getInstance("TLS");
      context.init(own.getKeyManagers(), new TrustManager[] {new Anybody()}, null);
      return new Certificate(context);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static void keytool(Path store) throws IOException {
    var tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var command =
        List.of(
            tool,
            "-genkeypair",
            "-alias",
            "bench",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=localhost",
            "-validity",
            "30",
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            store.toString());
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + said.strip());
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static String pem(String what, byte[] der) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
  }

  /// Nothing here is about trust.
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
