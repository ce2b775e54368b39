package dev.weir.transport.tls;

import dev.weir.config.JdkTls;
import dev.weir.transport.TransportFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// The JDK's `SSLEngine`.
final class JdkEngine implements TlsEngine {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int MAX_PLAINTEXT = 16 * 1024;

  private final SSLEngine engine;
  private final Check check;
  private final Facts facts;
  private final Runnable handshakeOver;
  private final long begin = System.currentTimeMillis();
  private @Nullable Verdict refusal;
  private List<X509Certificate> shown = List.of();
  private @Nullable ByteBuf unread;
  private boolean open;
  private boolean closed;

  /// What the JDK does not tell of a connection.
  interface Facts {
    /// The SNI; empty for none.
    String serverName(SSLSession session);

    /// Our own certificate, if there is only one; null for none, or for several.
    @Nullable TlsCertificate local();
  }

  /// @param handshakeOver runs at the end of the handshake, well or badly
  JdkEngine(SSLEngine engine, Check check, Facts facts, Runnable handshakeOver) {
    this.engine = engine;
    this.check = check;
    this.facts = facts;
    this.handshakeOver = handshakeOver;
  }

  @Override
  public Progress handshake(@Nullable ByteBuf in, ByteBufAllocator alloc, Consumer<ByteBuf> out)
      throws TransportFailure {
    take(in, alloc);
    try {
      if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
        engine.beginHandshake();
      }
      while (step(alloc, out)) {
        // There is more to do.
      }
      if (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
        return Progress.WAITING;
      }
      open = true;
      handshakeOver.run();
      return Progress.DONE;
    } catch (SSLException e) {
      sendAlert(alloc, out);
      throw failure(e);
    }
  }

  /// One step of a handshake.
  ///
  /// @return whether another may follow
  private boolean step(ByteBufAllocator alloc, Consumer<ByteBuf> out) throws SSLException {
    return switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> runTasks();
      case NEED_WRAP -> wrapNothing(alloc, out);
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        var plaintext = alloc.directBuffer(engine.getSession().getApplicationBufferSize());
        try {
          var result = unwrap(plaintext);
          if (result.getStatus() == Status.CLOSED) {
            throw new SSLException("SSLV3_ALERT_CLOSE_NOTIFY");
          }
          yield result.getStatus() == Status.OK;
        } finally {
          plaintext.release();
        }
      }
      case NOT_HANDSHAKING, FINISHED -> false;
    };
  }

  private boolean runTasks() {
    for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
      task.run();
    }
    return true;
  }

  private boolean wrapNothing(ByteBufAllocator alloc, Consumer<ByteBuf> out) throws SSLException {
    var buffer = alloc.directBuffer(engine.getSession().getPacketBufferSize());
    try {
      var result = wrap(NOTHING.duplicate(), buffer);
      if (buffer.isReadable()) {
        out.accept(buffer.retain());
      }
      return result.getStatus() == Status.OK;
    } finally {
      buffer.release();
    }
  }

  private SSLEngineResult wrap(ByteBuffer from, ByteBuf to) throws SSLException {
    var room = to.nioBuffer(to.writerIndex(), to.writableBytes());
    var result = engine.wrap(from, room);
    to.writerIndex(to.writerIndex() + result.bytesProduced());
    return result;
  }

  /// Decrypts one record of what has come.
  private SSLEngineResult unwrap(ByteBuf to) throws SSLException {
    var from = unread;
    var bytes = from == null ? NOTHING.duplicate() : from.nioBuffer();
    var result = engine.unwrap(bytes, to.nioBuffer(to.writerIndex(), to.writableBytes()));
    to.writerIndex(to.writerIndex() + result.bytesProduced());
    if (from != null) {
      from.skipBytes(result.bytesConsumed());
    }
    return result;
  }

  /// Keeps what has come until its record is whole.
  private void take(@Nullable ByteBuf in, ByteBufAllocator alloc) {
    if (in == null || !in.isReadable()) {
      return;
    }
    var before = unread;
    if (before != null && before.isReadable()) {
      before.discardReadBytes().writeBytes(in);
      return;
    }
    if (before != null) {
      before.release();
    }
    unread = alloc.directBuffer(in.readableBytes()).writeBytes(in);
  }

  private void sendAlert(ByteBufAllocator alloc, Consumer<ByteBuf> out) {
    try {
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && wrapNothing(alloc, out)) {
        // It may have several things to say.
      }
    } catch (SSLException _) {
      // Then there is none.
    }
  }

  private TransportFailure failure(SSLException e) {
    var refused = refusal;
    return new TransportFailure(JdkErrors.text(e, refused == null ? "" : refused.detail()));
  }

  /// What the JDK asks about the peer's certificates.
  Verdict verify(List<X509Certificate> chain) {
    shown = chain;
    var verdict = check.check(chain);
    if (!verdict.isGood()) {
      refusal = verdict;
    }
    return verdict;
  }

  @Override
  public @Nullable ByteBuf rest() {
    var rest = unread;
    unread = null;
    if (rest != null && !rest.isReadable()) {
      rest.release();
      return null;
    }
    return rest;
  }

  @Override
  public boolean read(
      ByteBuf in, ByteBufAllocator alloc, Consumer<ByteBuf> plaintext, Consumer<ByteBuf> out)
      throws TransportFailure {
    take(in, alloc);
    try {
      while (!closed && unread != null && unread.isReadable()) {
        var buffer = alloc.directBuffer(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result;
        try {
          result = unwrap(buffer);
          if (buffer.isReadable()) {
            plaintext.accept(buffer.retain());
          }
        } finally {
          buffer.release();
        }
        if (result.getStatus() == Status.CLOSED) {
          return false;
        }
        if (result.getStatus() != Status.OK) {
          return true; // the rest of a record is to come
        }
        answer(alloc, out);
      }
      return true;
    } catch (SSLException e) {
      sendAlert(alloc, out);
      throw failure(e);
    }
  }

  /// Of TLS 1.3, the peer may ask for new keys. Of TLS 1.2 it may ask for another handshake, which
  /// it does not get.
  private void answer(ByteBufAllocator alloc, Consumer<ByteBuf> out) throws SSLException {
    var status = engine.getHandshakeStatus();
    if (closed || status == HandshakeStatus.NOT_HANDSHAKING) {
      return;
    }
    if (!engine.getSession().getProtocol().equals("TLSv1.3") && !engine.isInboundDone()) {
      throw new SSLException("NO_RENEGOTIATION");
    }
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && wrapNothing(alloc, out)) {
      // It may have several things to say.
    }
  }

  @Override
  public ByteBuf write(ByteBuf plaintext, ByteBufAllocator alloc) throws TransportFailure {
    int records = (plaintext.readableBytes() + MAX_PLAINTEXT - 1) / MAX_PLAINTEXT;
    int packet = engine.getSession().getPacketBufferSize();
    var out = alloc.directBuffer((records + 1) * packet);
    try {
      while (plaintext.isReadable()) {
        out.ensureWritable(packet);
        var result = wrap(plaintext.nioBuffer(), out);
        plaintext.skipBytes(result.bytesConsumed());
        if (result.getStatus() != Status.OK) {
          throw new SSLException("the connection is at its end");
        }
      }
      return out;
    } catch (SSLException e) {
      out.release();
      throw failure(e);
    }
  }

  @Override
  public void shutdown(ByteBufAllocator alloc, Consumer<ByteBuf> out) {
    if (!open || engine.isOutboundDone()) {
      return;
    }
    engine.closeOutbound();
    try {
      while (!engine.isOutboundDone() && wrapNothing(alloc, out)) {
        // Until it is said.
      }
    } catch (SSLException _) {
      // Then it cannot be said.
    }
  }

  @Override
  public TlsSession session() {
    var underWay = engine.getHandshakeSession();
    var session = underWay == null ? engine.getSession() : underWay;
    var suite = JdkTls.opensslName(session.getCipherSuite());
    return new TlsSession(
        suite.isEmpty() ? "" : session.getProtocol(),
        suite,
        "", // it does not tell
        facts.serverName(session),
        Objects.requireNonNullElse(engine.getApplicationProtocol(), ""),
        HexFormat.of().formatHex(session.getId()),
        open && session.getCreationTime() < begin,
        local(session),
        peer(session));
  }

  private @Nullable TlsCertificate local(SSLSession session) {
    var taken = session.getLocalCertificates();
    return taken == null || taken.length == 0 ? facts.local() : certificate(taken[0]);
  }

  private static TlsCertificate certificate(Certificate certificate) {
    return new TlsCertificate((X509Certificate) certificate);
  }

  private List<TlsCertificate> peer(SSLSession session) {
    try {
      return Stream.of(session.getPeerCertificates()).map(JdkEngine::certificate).toList();
    } catch (SSLPeerUnverifiedException _) {
      return shown.stream().map(TlsCertificate::new).toList(); // those that were refused
    }
  }

  @Override
  public void close() {
    closed = true;
    handshakeOver.run();
    var rest = unread;
    unread = null;
    if (rest != null) {
      rest.release();
    }
  }
}
