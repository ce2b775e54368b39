package dev.weir.lab;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;

/// ClientHellos of the JDK's TLS client.
final class Hellos {

  private static final int RECORD_HEADER = 5;

  private Hellos() {}

  /// @param serverName empty for none
  static byte[] of(String serverName, String... protocols) throws Exception {
    return make("", serverName, protocols);
  }

  /// A client that knows one version only.
  static byte[] ofVersion(String version, String serverName) throws Exception {
    return make(version, serverName);
  }

  private static byte[] make(String version, String serverName, String... protocols)
      throws Exception {
    var engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    if (!version.isEmpty()) {
      parameters.setProtocols(new String[] {version});
    }
    if (!serverName.isEmpty()) {
      parameters.setServerNames(List.of(new SNIHostName(serverName)));
    }
    engine.setSSLParameters(parameters);
    var out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    var bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }

  /// The same handshake message in records of so many bytes.
  static byte[] inRecordsOf(int size, byte[] hello) {
    var cut = new ByteArrayOutputStream();
    for (int from = RECORD_HEADER; from < hello.length; from += size) {
      int length = Math.min(size, hello.length - from);
      cut.writeBytes(new byte[] {22, 3, 1, (byte) (length >> 8), (byte) length});
      cut.write(hello, from, length);
    }
    return cut.toByteArray();
  }
}
