package dev.weir.transport.tls;

import dev.weir.transport.TransportFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One connection's TLS, between bytes of the network and plaintext. Its worker only, and not after
/// [#close].
sealed interface TlsEngine permits NativeEngine, JdkEngine {

  /// How far a handshake has come.
  enum Progress {
    /// The peer is to say something.
    WAITING,
    /// It is done.
    DONE
  }

  /// Looks at what the peer has shown.
  interface Check {
    /// Whether that is good enough.
    ///
    /// @param chain the peer's own certificate first
    Verdict check(List<X509Certificate> chain);
  }

  /// Goes on with the handshake.
  ///
  /// @param in what the peer has sent and nobody has read; what the handshake needs is taken
  /// @param out gets what is to be sent
  /// @throws TransportFailure if it has failed; `out` may have got an alert before
  Progress handshake(@Nullable ByteBuf in, ByteBufAllocator alloc, Consumer<ByteBuf> out)
      throws TransportFailure;

  /// Of what the handshake has taken, that which follows it; the caller's from now on. Null for
  /// nothing.
  @Nullable ByteBuf rest();

  /// Reads what the peer has sent.
  ///
  /// @param in taken whole, but for what follows the end
  /// @param plaintext gets what it says; it may write, and close
  /// @param out gets what is to be sent in answer
  /// @return false once the peer has said that nothing more comes
  /// @throws TransportFailure if it is no TLS
  boolean read(
      ByteBuf in, ByteBufAllocator alloc, Consumer<ByteBuf> plaintext, Consumer<ByteBuf> out)
      throws TransportFailure;

  /// Encrypts plaintext.
  ///
  /// @param plaintext a direct buffer; taken whole
  /// @return what is to be sent
  /// @throws TransportFailure if the connection is at its end
  ByteBuf write(ByteBuf plaintext, ByteBufAllocator alloc) throws TransportFailure;

  /// Says that nothing more comes. Harmless if repeated.
  void shutdown(ByteBufAllocator alloc, Consumer<ByteBuf> out);

  /// What the handshake has agreed on, as far as it has come.
  TlsSession session();

  /// Frees what it holds. Harmless if repeated.
  void close();
}
