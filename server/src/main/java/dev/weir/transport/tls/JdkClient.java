package dev.weir.transport.tls;

import dev.weir.config.SanMatch;
import dev.weir.config.TransportSocketConfig.UpstreamTls;
import dev.weir.transport.DialOptions;
import dev.weir.transport.tls.TrustCheck.Purpose;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// A client's TLS by the JDK.
final class JdkClient implements ClientContext {
  private final UpstreamTls config;
  private final HostNames names;
  private final JdkContext context;
  private final PeerCheck check;
  private final List<String> protocols;
  private final @Nullable TlsCertificate local;
  private final TlsStats stats;

  private record Facts(String name, @Nullable TlsCertificate local) implements JdkEngine.Facts {
    @Override
    public String serverName(SSLSession session) {
      return name;
    }
  }

  /// @param protocols to offer by ALPN
  /// @throws IllegalStateException if the JDK does not take it
  JdkClient(UpstreamTls config, Secrets secrets, List<String> protocols, TlsStats stats) {
    this.config = config;
    this.names = new HostNames(config);
    this.protocols = protocols;
    this.stats = stats;
    this.check = new PeerCheck(secrets.rules(), Purpose.SERVER);
    var certificate = secrets.certificate();
    this.local = certificate == null ? null : new TlsCertificate(certificate.leaf());
    var keys =
        certificate == null
            ? new JdkKeys(List.of(), _ -> List.of())
            : new JdkKeys(List.of(certificate), _ -> List.of(0));
    this.context = new JdkContext(config.common().params(), keys, List.of());
    if (config.maxSessions() > 0) {
      context.sessions(false).setSessionCacheSize(config.maxSessions());
    }
  }

  @Override
  public TlsEngine connection(DialOptions options) {
    var engine = context.client(config.maxSessions() > 0);
    var name = names.serverName(options);
    var parameters = engine.getSSLParameters();
    if (!name.isEmpty()) {
      // As bytes, since names of services may have an underscore.
      parameters.setServerNames(List.of(new SNIHostName(name.getBytes(StandardCharsets.UTF_8))));
    }
    parameters.setApplicationProtocols(protocols.toArray(String[]::new));
    engine.setSSLParameters(parameters);
    var expected = names.expected(options);
    return context.connection(engine, chain -> verify(chain, expected), new Facts(name, local));
  }

  private Verdict verify(List<X509Certificate> chain, List<SanMatch> expected) {
    var verdict = check.check(chain, expected, stats::refused);
    stats.refused(verdict);
    return verdict;
  }

  @Override
  public void release() {
    // The garbage collector sees to it.
  }
}
