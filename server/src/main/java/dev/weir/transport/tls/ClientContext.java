package dev.weir.transport.tls;

import dev.weir.config.CertificateConfig;
import dev.weir.config.SanMatch;
import dev.weir.config.TextMatch;
import dev.weir.config.TransportSocketConfig.UpstreamTls;
import dev.weir.config.ValidationConfig;
import dev.weir.transport.DialOptions;
import dev.weir.transport.tls.TrustCheck.Purpose;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client's TLS with one generation of its secrets. Made on the main loop; any worker.
final class ClientContext {
  private final UpstreamTls config;
  private final TlsContext context;
  private final PeerCheck check;
  private final @Nullable TlsCertificate local;
  private final ClientSessions sessions;
  private final TlsStats stats;

  /// What it is made of.
  ///
  /// @param certificate to show; null for none
  record Secrets(@Nullable CertificateConfig certificate, ValidationConfig rules) {}

  /// @param protocols to offer by ALPN
  /// @throws IllegalStateException if the library does not take it
  ClientContext(UpstreamTls config, Secrets secrets, List<String> protocols, TlsStats stats) {
    this.config = config;
    this.stats = stats;
    this.check = new PeerCheck(secrets.rules, Purpose.SERVER);
    this.context = new TlsContext(config.common().params(), false);
    this.sessions = new ClientSessions(config.maxSessions());
    var certificate = secrets.certificate;
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
    long credential = Native.credential(certificate);
    try {
      SSLContext.addCredential(context.pointer(), credential);
    } catch (Exception e) {
      throw Native.refused(certificate.toString(), e);
    } finally {
      Native.freeCredential(credential); // the context has its own hold on it
    }
  }

  /// A new connection; null if this generation has been given back.
  @Nullable TlsEngine connection(DialOptions options) {
    var name = serverName(options);
    var names = names(options, name);
    var engine =
        context.connection((_, chain) -> {
          var verdict = verify(chain, names);
          stats.refused(verdict);
          return verdict;
        });
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

  private Verdict verify(List<X509Certificate> chain, List<SanMatch> names) {
    return check.check(chain, names, stats::refused);
  }

  /// What is asked for as SNI; empty for nothing.
  String serverName(DialOptions options) {
    var asked = options.serverName();
    if (asked != null) {
      return asked;
    }
    boolean byHost = config.hostnameAsServerName() && !options.hostname().isEmpty();
    return byHost ? options.hostname() : config.serverName();
  }

  private List<SanMatch> names(DialOptions options, String serverName) {
    if (!options.subjectAltNames().isEmpty()) {
      return options.subjectAltNames().stream()
          .flatMap(name ->
              java.util.stream.Stream.of(
                  exact(SanMatch.Kind.DNS, name), exact(SanMatch.Kind.URI, name)))
          .toList();
    }
    return config.serverNameInCertificate() && !serverName.isEmpty()
        ? List.of(exact(SanMatch.Kind.DNS, serverName))
        : List.of();
  }

  private static SanMatch exact(SanMatch.Kind kind, String name) {
    return new SanMatch(kind, new TextMatch.Exact(name, false), "");
  }

  /// What a handshake has agreed on.
  TlsSession session(TlsEngine engine, DialOptions options) {
    return engine.session(serverName(options), false, local);
  }

  /// Lets go; open connections go on.
  void release() {
    context.release();
  }
}
