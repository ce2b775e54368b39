package dev.weir.transport.tls;

import dev.weir.config.TlsParams;
import dev.weir.config.TlsVersion;
import io.netty.internal.tcnative.CertificateVerifier;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What all connections of one generation of certificates have in common: BoringSSL's `SSL_CTX`.
/// Made on the main loop, used by any worker, and given back when the last of its users lets go.
final class NativeContext {
  /// How much the library may hold back of what it has to say for itself, as of an alert.
  private static final int ASIDE = 2048;

  private static final byte[] SESSION_ID_CONTEXT = {'w', 'e', 'i', 'r'};

  private final long pointer;
  private final boolean server;
  private final AtomicInteger users = new AtomicInteger(1);
  private final Map<Long, NativeEngine> handshakes = new ConcurrentHashMap<>();
  private Runnable atEnd = () -> {};

  /// @param server whether we are the server
  /// @throws IllegalStateException if the library does not take the parameters
  NativeContext(TlsParams params, boolean server) {
    Native.load();
    this.server = server;
    try {
      pointer =
          SSLContext.make(
              SSL.SSL_PROTOCOL_TLSV1
                  | SSL.SSL_PROTOCOL_TLSV1_1
                  | SSL.SSL_PROTOCOL_TLSV1_2
                  | SSL.SSL_PROTOCOL_TLSV1_3,
              server ? SSL.SSL_MODE_SERVER : SSL.SSL_MODE_CLIENT);
    } catch (Exception e) {
      throw Native.refused("a context", e);
    }
    try {
      apply(params);
    } catch (Exception e) {
      SSLContext.free(pointer);
      throw Native.refused(params.toString(), e);
    }
  }

  private void apply(TlsParams params) throws Exception {
    SSLContext.clearOptions(pointer, SSL.SSL_OP_NO_TICKET);
    SSLContext.setOptions(pointer, SSL.SSL_OP_NO_SSLv2 | SSL.SSL_OP_NO_SSLv3 | unwanted(params));
    SSLContext.setMode(
        pointer, SSLContext.getMode(pointer) | SSL.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSLContext.setCipherSuite(pointer, String.join(":", params.ciphers()), false);
    if (!SSLContext.setCurvesList(pointer, params.curves().toArray(String[]::new))) {
      throw new IllegalArgumentException("curves");
    }
    SSLContext.setSessionIdContext(pointer, SESSION_ID_CONTEXT);
    SSLContext.setUseTasks(pointer, false);
  }

  private static int unwanted(TlsParams params) {
    int options = 0;
    for (var version : TlsVersion.values()) {
      if (version.compareTo(params.min()) < 0 || version.compareTo(params.max()) > 0) {
        options |=
            switch (version) {
              case TLS_1_0 -> SSL.SSL_OP_NO_TLSv1;
              case TLS_1_1 -> SSL.SSL_OP_NO_TLSv1_1;
              case TLS_1_2 -> SSL.SSL_OP_NO_TLSv1_2;
              case TLS_1_3 -> SSL.SSL_OP_NO_TLSv1_3;
            };
      }
    }
    return options;
  }

  /// `SSL_CTX`.
  long pointer() {
    return pointer;
  }

  /// Has peers' certificates looked at.
  ///
  /// @param mode one of `SSL_CVERIFY_…`
  void verify(int mode) {
    SSLContext.setVerify(pointer, mode, 100);
    SSLContext.setCertVerifyCallback(
        pointer,
        new CertificateVerifier() {
          @Override
          public int verify(long ssl, byte[][] chain, String kind) {
            var engine = handshakes.get(ssl);
            return engine == null ? X509_V_ERR_UNSPECIFIED : engine.verify(chain);
          }
        });
  }

  /// What runs when it is given back.
  void atEnd(Runnable task) {
    atEnd = task;
  }

  /// The handshake that the library asks about; null for none that is known.
  @Nullable NativeEngine handshake(long ssl) {
    return handshakes.get(ssl);
  }

  /// A new connection; null if this context has been given back.
  ///
  /// @param check what the peer's certificate is checked with
  /// @param facts tells what it has agreed on
  @Nullable NativeEngine connection(TlsEngine.Check check, NativeEngine.Facts facts) {
    if (!retain()) {
      return null;
    }
    long ssl = SSL.newSSL(pointer, server);
    var engine = new NativeEngine(this, ssl, SSL.bioNewByteBuffer(ssl, ASIDE), check, facts);
    handshakes.put(ssl, engine);
    return engine;
  }

  private boolean retain() {
    int before;
    do {
      before = users.get();
      if (before == 0) {
        return false;
      }
    } while (!users.compareAndSet(before, before + 1));
    return true;
  }

  /// The handshake is over, well or badly.
  void handshakeOver(long ssl) {
    handshakes.remove(ssl);
  }

  /// One user fewer. Any thread.
  void release() {
    if (users.decrementAndGet() == 0) {
      atEnd.run();
      SSLContext.free(pointer);
    }
  }
}
