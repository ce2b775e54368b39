package dev.weir.transport.tls;

import dev.weir.transport.TransportFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.internal.tcnative.CertificateVerifier;
import io.netty.internal.tcnative.SSL;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// BoringSSL's `SSL`.
final class NativeEngine implements TlsEngine {
  private static final int MAX_PLAINTEXT = 16 * 1024;
  private static final int FLIGHT = 4 * 1024;
  private static final int SMALLEST_READ = 2 * 1024;

  private final NativeContext context;
  private final Check check;
  private final Facts facts;
  private final int overhead;
  private long ssl;
  private long bio;
  private @Nullable Verdict refusal;
  private List<TlsCertificate> offered = List.of();
  private @Nullable StatusRequest statusRequest;

  /// What the library does not know of a connection.
  interface Facts {
    /// What the handshake has agreed on.
    TlsSession of(NativeEngine engine);
  }

  NativeEngine(NativeContext context, long ssl, long bio, Check check, Facts facts) {
    this.context = context;
    this.ssl = ssl;
    this.bio = bio;
    this.check = check;
    this.facts = facts;
    this.overhead = SSL.getMaxWrapOverhead(ssl);
  }

  /// `SSL`, to set what has no name here.
  long pointer() {
    return ssl;
  }

  @Override
  public Progress handshake(@Nullable ByteBuf in, ByteBufAllocator alloc, Consumer<ByteBuf> out)
      throws TransportFailure {
    while (true) {
      int had = in == null ? 0 : in.readableBytes();
      int result = handshakeStep(in);
      int error = result > 0 ? SSL.SSL_ERROR_NONE : SSL.getError(ssl, result);
      boolean sent = flush(alloc, out);
      if (error == SSL.SSL_ERROR_NONE) {
        context.handshakeOver(ssl);
        return Progress.DONE;
      }
      boolean wants = error == SSL.SSL_ERROR_WANT_READ || error == SSL.SSL_ERROR_WANT_WRITE;
      if (!wants) {
        throw failure();
      }
      boolean moved = sent || (in != null && in.readableBytes() < had);
      if (!moved || (error == SSL.SSL_ERROR_WANT_READ && (in == null || !in.isReadable()))) {
        return Progress.WAITING;
      }
    }
  }

  private int handshakeStep(@Nullable ByteBuf in) {
    if (in == null || !in.isReadable()) {
      return SSL.doHandshake(ssl);
    }
    if (statusRequest != null) {
      statusRequest.add(in);
    }
    int length = in.readableBytes();
    SSL.bioSetByteBuffer(bio, Native.address(in) + in.readerIndex(), length, false);
    try {
      return SSL.doHandshake(ssl);
    } finally {
      in.skipBytes(length - SSL.bioLengthByteBuffer(bio));
      SSL.bioClearByteBuffer(bio);
    }
  }

  /// What the library has to say for itself: of a handshake, alerts, new keys.
  private boolean flush(ByteBufAllocator alloc, Consumer<ByteBuf> out) {
    boolean any = false;
    while (SSL.bioLengthNonApplication(bio) > 0) {
      var buffer = alloc.directBuffer(FLIGHT);
      SSL.bioSetByteBuffer(bio, Native.address(buffer), buffer.capacity(), true);
      int written = SSL.bioFlushByteBuffer(bio);
      SSL.bioClearByteBuffer(bio);
      if (written <= 0) {
        buffer.release();
        return any;
      }
      any = true;
      out.accept(buffer.writerIndex(written));
    }
    return any;
  }

  private TransportFailure failure() {
    int number = SSL.getLastErrorNumber();
    var refused = refusal;
    var detail = refused == null ? "" : refused.detail();
    var failure = new TransportFailure(TlsErrors.text(number, detail));
    SSL.clearError();
    return failure;
  }

  /// Keeps what the client sends first, for [#asksForStaple]. Before the handshake.
  void rememberHello() {
    statusRequest = new StatusRequest();
  }

  /// Whether the client asks for the OCSP response. Once, when its ClientHello is there.
  boolean asksForStaple() {
    var request = statusRequest;
    statusRequest = null;
    return request != null && request.asks();
  }

  /// The certificates of which the handshake takes the first that the client understands.
  void offer(List<TlsCertificate> certificates) {
    boolean ecdsa = false;
    for (var algorithm : SSL.getSigAlgs(ssl)) {
      ecdsa |= algorithm.startsWith("ecdsa");
    }
    boolean understood = ecdsa;
    offered = certificates.stream().filter(one -> understood || !one.isEcdsa()).toList();
  }

  /// The one of them that it has taken; null if none was offered.
  @Nullable TlsCertificate taken() {
    var cipher = cipher();
    for (var certificate : offered) {
      boolean fits = !cipher.contains(certificate.isEcdsa() ? "RSA-" : "ECDSA-");
      if (fits || offered.size() == 1) {
        return certificate;
      }
    }
    return null;
  }

  @Override
  public boolean read(
      ByteBuf in, ByteBufAllocator alloc, Consumer<ByteBuf> plaintext, Consumer<ByteBuf> out)
      throws TransportFailure {
    while (ssl != 0 && (in.isReadable() || SSL.sslPending(ssl) > 0)) {
      int room = Math.max(in.readableBytes(), SSL.sslPending(ssl));
      var buffer = alloc.directBuffer(Math.max(room, SMALLEST_READ));
      int last = fill(buffer, in);
      int error = last > 0 ? SSL.SSL_ERROR_NONE : SSL.getError(ssl, last);
      if (buffer.isReadable()) {
        plaintext.accept(buffer);
      } else {
        buffer.release();
      }
      if (error == SSL.SSL_ERROR_ZERO_RETURN) {
        return false;
      }
      if (error != SSL.SSL_ERROR_NONE
          && error != SSL.SSL_ERROR_WANT_READ
          && error != SSL.SSL_ERROR_WANT_WRITE) {
        var failure = failure();
        flush(alloc, out);
        throw failure;
      }
    }
    if (ssl != 0) {
      flush(alloc, out);
    }
    return true;
  }

  /// Reads as much as there is and fits.
  ///
  /// @return what the library said last
  private int fill(ByteBuf buffer, ByteBuf in) {
    int length = in.readableBytes();
    SSL.bioSetByteBuffer(bio, Native.address(in) + in.readerIndex(), length, false);
    try {
      int read;
      do {
        long to = Native.address(buffer) + buffer.writerIndex();
        read = SSL.readFromSSL(ssl, to, buffer.writableBytes());
        if (read > 0) {
          buffer.writerIndex(buffer.writerIndex() + read);
        }
      } while (read > 0 && buffer.isWritable());
      return read;
    } finally {
      in.skipBytes(length - SSL.bioLengthByteBuffer(bio));
      SSL.bioClearByteBuffer(bio);
    }
  }

  @Override
  public ByteBuf write(ByteBuf plaintext, ByteBufAllocator alloc) throws TransportFailure {
    int records = plaintext.readableBytes() / MAX_PLAINTEXT + 1;
    var out = alloc.directBuffer(plaintext.readableBytes() + (records + 1) * overhead + FLIGHT);
    int room = out.capacity();
    SSL.bioSetByteBuffer(bio, Native.address(out), room, true);
    try {
      SSL.bioFlushByteBuffer(bio);
      while (plaintext.isReadable()) {
        int chunk = Math.min(plaintext.readableBytes(), MAX_PLAINTEXT);
        int written =
            SSL.writeToSSL(ssl, Native.address(plaintext) + plaintext.readerIndex(), chunk);
        if (written <= 0) {
          var failure = failure();
          out.release();
          throw failure;
        }
        plaintext.skipBytes(written);
      }
      return out.writerIndex(room - SSL.bioLengthByteBuffer(bio));
    } finally {
      SSL.bioClearByteBuffer(bio);
    }
  }

  @Override
  public void shutdown(ByteBufAllocator alloc, Consumer<ByteBuf> out) {
    if (SSL.isInInit(ssl) == 0 && (SSL.getShutdown(ssl) & SSL.SSL_SENT_SHUTDOWN) == 0) {
      if (SSL.shutdownSSL(ssl) < 0) {
        SSL.clearError();
      }
      flush(alloc, out);
    }
  }

  /// The library asks what to think of the peer's certificates.
  int verify(byte[][] chain) {
    Verdict verdict;
    try {
      verdict = check.check(certificates(chain));
    } catch (CertificateException | RuntimeException e) {
      verdict = Verdict.untrusted(Verdict.Fault.UNSPECIFIED, 0, "" + e.getMessage());
    }
    if (!verdict.isGood()) {
      refusal = verdict;
    }
    return code(verdict.fault());
  }

  private static int code(Verdict.Fault fault) {
    return switch (fault) {
      case NONE -> CertificateVerifier.X509_V_OK;
      case UNSPECIFIED -> CertificateVerifier.X509_V_ERR_UNSPECIFIED;
      case SELF_SIGNED -> CertificateVerifier.X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN;
      case NO_ISSUER -> CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
      case EXPIRED -> CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
      case NOT_YET_VALID -> CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
      case WRONG_PURPOSE -> CertificateVerifier.X509_V_ERR_INVALID_PURPOSE;
      case REVOKED -> CertificateVerifier.X509_V_ERR_CERT_REVOKED;
      case NO_LIST -> CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_CRL;
      case REFUSED -> CertificateVerifier.X509_V_ERR_SUBJECT_ISSUER_MISMATCH;
    };
  }

  private static List<X509Certificate> certificates(byte[][] chain) throws CertificateException {
    var factory = CertificateFactory.getInstance("X.509");
    var all = new ArrayList<X509Certificate>(chain.length);
    for (var encoded : chain) {
      all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded)));
    }
    return all;
  }

  @Override
  public @Nullable ByteBuf rest() {
    return null; // it takes what it needs
  }

  @Override
  public TlsSession session() {
    return facts.of(this);
  }

  /// What the handshake has agreed on.
  ///
  /// @param server whether we are the server
  /// @param local what we have shown
  TlsSession session(String serverName, boolean server, @Nullable TlsCertificate local) {
    var id = SSL.getSessionId(ssl);
    return new TlsSession(
        Objects.toString(SSL.getVersion(ssl), ""),
        cipher(),
        group(),
        serverName,
        Objects.toString(SSL.getAlpnSelected(ssl), ""),
        id == null ? "" : HexFormat.of().formatHex(id),
        SSL.isSessionReused(ssl),
        local,
        peer(server));
  }

  private String cipher() {
    var name = SSL.getCipherForSSL(ssl);
    return name == null || name.equals("(NONE)") ? "" : name;
  }

  private String group() {
    try {
      return Objects.toString(SSL.getGroupName(ssl), "");
    } catch (Exception _) {
      return ""; // as of a session that is taken up
    }
  }

  /// The peer's certificates, its own first; none if it has shown none.
  private List<TlsCertificate> peer(boolean server) {
    try {
      var all = new ArrayList<byte[]>();
      if (server) { // to whom the chain comes without the peer's own
        byte[] own = SSL.getPeerCertificate(ssl);
        if (own != null) {
          all.add(own);
        }
      }
      byte[][] chain = SSL.getPeerCertChain(ssl);
      if (chain != null) {
        all.addAll(List.of(chain));
      }
      return certificates(all.toArray(byte[][]::new)).stream()
          .distinct()
          .map(TlsCertificate::new)
          .toList();
    } catch (CertificateException _) {
      return List.of(); // it was accepted unseen
    }
  }

  @Override
  public void close() {
    if (ssl != 0) {
      context.handshakeOver(ssl);
      SSL.freeSSL(ssl); // with its BIO
      ssl = 0;
      bio = 0;
      context.release();
    }
  }
}
