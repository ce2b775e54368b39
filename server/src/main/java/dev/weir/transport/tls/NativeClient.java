package dev.weir.transport.tls;

import dev.weir.config.Bytes;
import dev.weir.config.CertificateConfig;
import dev.weir.config.TransportSocketConfig.UpstreamTls;
import dev.weir.transport.DialOptions;
import dev.weir.transport.tls.TrustCheck.Purpose;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client's TLS by BoringSSL.
final class NativeClient implements ClientContext {
  private final UpstreamTls config;
  private final HostNames names;
  private final NativeContext context;
  private final PeerCheck check;
  private final @Nullable TlsCertificate local;
  private final ClientSessions sessions;
  private final TlsStats stats;

  /// @param protocols to offer by ALPN
  /// @throws IllegalStateException if the library does not take it
  NativeClient(UpstreamTls config, Secrets secrets, List<String> protocols, TlsStats stats) {
    this.config = config;
    this.names = new HostNames(config);
    this.stats = stats;
    this.check = new PeerCheck(secrets.rules(), Purpose.SERVER);
    this.context = new NativeContext(config.common().params(), false);
    this.sessions = new ClientSessions(config.maxSessions());
    var certificate = secrets.certificate();
    this.local = certificate == null ? null : new TlsCertificate(certificate.leaf());
    try {
      context.atEnd(sessions::clear);
      if (certificate != null) {
        show(certificate);
      }
      context.verify(SSL.SSL_CVERIFY_REQUIRED); // a client is asked, also if all it says is yes
      if (!protocols.isEmpty()) {
        SSLContext.setAlpnProtos(
            context.pointer(),
            protocols.toArray(String[]::new),
            SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
      }
      sessions.keep(context.pointer());
    } catch (RuntimeException e) {
      context.release();
      throw e;
    }
  }

  private void show(CertificateConfig certificate) {
    long credential = Native.credential(certificate, Bytes.EMPTY);
    try {
      SSLContext.addCredential(context.pointer(), credential);
    } catch (Exception e) {
      throw Native.refused(certificate.toString(), e);
    } finally {
      Native.freeCredential(credential); // the context has its own hold on it
    }
  }

  @Override
  public @Nullable TlsEngine connection(DialOptions options) {
    var name = names.serverName(options);
    var expected = names.expected(options);
    var engine =
        context.connection(
            chain -> {
              var verdict = check.check(chain, expected, stats::refused);
              stats.refused(verdict);
              return verdict;
            },
            done -> done.session(name, false, local));
    if (engine == null) {
      return null;
    }
    if (!name.isEmpty()) {
      SSL.setTlsExtHostName(engine.pointer(), name);
    }
    if (config.allowRenegotiation()) {
      renegotiate(engine.pointer());
    }
    sessions.resume(engine.pointer());
    return engine;
  }

  private static void renegotiate(long ssl) {
    try {
      SSL.setRenegotiateMode(ssl, SSL.SSL_RENEGOTIATE_FREELY);
    } catch (Exception e) {
      throw Native.refused("renegotiation", e);
    }
  }

  @Override
  public void release() {
    context.release();
  }
}
