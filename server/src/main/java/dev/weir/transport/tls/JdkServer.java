package dev.weir.transport.tls;

import dev.weir.config.CertificateConfig;
import dev.weir.config.TransportSocketConfig.DownstreamTls;
import dev.weir.config.ValidationConfig;
import dev.weir.transport.tls.TrustCheck.Purpose;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// A server's TLS by the JDK.
final class JdkServer implements ServerContext {
  private final DownstreamTls config;
  private final ValidationConfig rules;
  private final JdkContext context;
  private final PeerCheck check;
  private final SniSelector<Integer> selector;
  private final TlsStats stats;
  private final Facts facts;

  private record Facts(@Nullable TlsCertificate local) implements JdkEngine.Facts {
    @Override
    public String serverName(SSLSession session) {
      return JdkServer.serverName(session);
    }
  }

  /// @throws IllegalStateException if the JDK does not take it
  JdkServer(DownstreamTls config, Secrets secrets, TlsStats stats) {
    this.config = config;
    this.rules = secrets.rules();
    this.stats = stats;
    this.check = new PeerCheck(rules, Purpose.CLIENT);
    var certificates = secrets.certificates();
    this.facts =
        new Facts(
            certificates.size() == 1 ? new TlsCertificate(certificates.getFirst().leaf()) : null);
    this.selector = selector(certificates, config.choice().scanAllCertificates());
    var told =
        rules.leniency().hideAuthorities() ? List.<X509Certificate>of() : rules.authorities();
    this.context =
        new JdkContext(
            config.common().params(), new JdkKeys(secrets.certificates(), this::among), told);
    int seconds = Math.toIntExact(Math.min(config.resumption().timeout().toSeconds(), 1 << 30));
    if (seconds > 0) {
      context.sessions(true).setSessionTimeout(seconds);
    }
  }

  private static SniSelector<Integer> selector(
      List<CertificateConfig> certificates, boolean scanAll) {
    var entries = new ArrayList<SniSelector.Entry<Integer>>();
    for (int place = 0; place < certificates.size(); place++) {
      var certificate = new TlsCertificate(certificates.get(place).leaf());
      entries.add(
          new SniSelector.Entry<>(place, certificate.namesToServe(), certificate.isEcdsa()));
    }
    return new SniSelector<>(entries, scanAll);
  }

  private List<Integer> among(SSLEngine engine) {
    var session = engine.getHandshakeSession();
    if (session == null) {
      return selector.select(""); // a ticket is read, which says itself what was shown
    }
    var name = serverName(session);
    return name.isEmpty() && config.requireServerName() ? List.of() : selector.select(name);
  }

  private static String serverName(SSLSession session) {
    for (var name : ((ExtendedSSLSession) session).getRequestedServerNames()) {
      if (name instanceof SNIHostName host) {
        return host.getAsciiName();
      }
    }
    return "";
  }

  @Override
  public TlsEngine connection() {
    var engine = context.server();
    var parameters = engine.getSSLParameters();
    parameters.setUseCipherSuitesOrder(!config.choice().clientsCiphers());
    askForCertificate(parameters);
    engine.setSSLParameters(parameters);
    var protocols = config.common().applicationProtocols();
    if (!protocols.isEmpty()) {
      engine.setHandshakeApplicationProtocolSelector((_, offered) -> agree(protocols, offered));
    }
    return context.connection(engine, this::verify, facts);
  }

  private void askForCertificate(SSLParameters parameters) {
    if (rules.asksForCertificate()) {
      if (config.requireClientCertificate() || rules.needsCertificate()) {
        parameters.setNeedClientAuth(true);
      } else {
        parameters.setWantClientAuth(true);
      }
    }
  }

  /// Our best of what the client speaks; empty, which is to say nothing of it, for none.
  private static String agree(List<String> ours, List<String> offered) {
    for (var protocol : ours) {
      if (offered.contains(protocol)) {
        return protocol;
      }
    }
    return "";
  }

  private Verdict verify(List<X509Certificate> chain) {
    var verdict = check.check(chain, List.of(), stats::refused);
    stats.refused(verdict);
    return verdict;
  }

  @Override
  public void release() {
    // The garbage collector sees to it.
  }
}
