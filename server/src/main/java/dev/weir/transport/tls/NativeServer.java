package dev.weir.transport.tls;

import dev.weir.config.Bytes;
import dev.weir.config.CertificateConfig;
import dev.weir.config.TransportSocketConfig.DownstreamTls;
import dev.weir.config.ValidationConfig;
import dev.weir.transport.tls.TrustCheck.Purpose;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.internal.tcnative.SessionTicketKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A server's TLS by BoringSSL.
final class NativeServer implements ServerContext {
  private static final int KEY_NAME = 16;
  private static final int HMAC_KEY = 32;
  private static final int PART = 16;

  private final DownstreamTls config;
  private final NativeContext context;
  private final PeerCheck check;
  private final Map<Long, Shown> shown;
  private final @Nullable SniSelector<Shown> selector;
  private final TlsStats stats;

  /// A certificate that may be shown.
  private record Shown(long credential, TlsCertificate certificate, OcspStaple staple) {}

  /// @throws IllegalStateException if the library does not take it
  NativeServer(DownstreamTls config, Secrets secrets, TlsStats stats) {
    this.config = config;
    this.stats = stats;
    this.check = new PeerCheck(secrets.rules(), Purpose.CLIENT);
    this.context = new NativeContext(config.common().params(), true);
    this.shown = new LinkedHashMap<>();
    context.atEnd(() -> shown.keySet().forEach(Native::freeCredential));
    try {
      secrets.certificates().forEach(this::show);
      this.selector = selector(secrets.certificates());
      applyPeer(secrets.rules());
      applySessions(secrets.ticketKeys());
      long pointer = context.pointer();
      if (!config.choice().clientsCiphers()) {
        SSLContext.setOptions(pointer, SSL.SSL_OP_CIPHER_SERVER_PREFERENCE);
      }
      var protocols = config.common().applicationProtocols();
      if (!protocols.isEmpty()) {
        SSLContext.setAlpnProtos(
            pointer, protocols.toArray(String[]::new), SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
      }
    } catch (RuntimeException e) {
      context.release();
      throw e;
    }
  }

  private void show(CertificateConfig certificate) {
    long credential = Native.credential(certificate);
    var staple = OcspStaple.of(certificate.ocspStaple());
    shown.put(credential, new Shown(credential, new TlsCertificate(certificate.leaf()), staple));
  }

  /// Chooses among certificates for each connection, unless there is nothing to choose or to check.
  private @Nullable SniSelector<Shown> selector(List<CertificateConfig> certificates) {
    boolean plain =
        certificates.size() == 1
            && !config.requireServerName()
            && certificates.getFirst().ocspStaple().isEmpty();
    if (plain) {
      try {
        SSLContext.addCredential(context.pointer(), shown.keySet().iterator().next());
        return null;
      } catch (Exception e) {
        throw Native.refused("a credential", e);
      }
    }
    SSLContext.setCertificateCallback(
        context.pointer(),
        (ssl, _, _) -> choose(ssl, Objects.toString(SSL.getSniHostname(ssl), "")));
    var entries =
        shown.values().stream()
            .map(one ->
                new SniSelector.Entry<>(
                    one, one.certificate.namesToServe(), one.certificate.isEcdsa()))
            .toList();
    return new SniSelector<>(entries, config.choice().scanAllCertificates());
  }

  /// Lets the handshake have the certificates that come into question; without any it fails.
  private void choose(long ssl, String serverName) throws Exception {
    if (selector == null || (serverName.isEmpty() && config.requireServerName())) {
      return;
    }
    var offered = new ArrayList<TlsCertificate>();
    for (var one : selector.select(serverName)) {
      if (serves(one.staple)) {
        SSL.addCredential(ssl, one.credential);
        offered.add(one.certificate);
      }
    }
    if (offered.isEmpty()) {
      stats.staplesFailed.increment();
    }
    var engine = context.handshake(ssl);
    if (engine != null) {
      engine.offer(offered);
    }
  }

  private boolean serves(OcspStaple staple) {
    boolean valid = staple.isValid(Instant.now());
    return switch (config.choice().ocspPolicy()) {
      case LENIENT -> true;
      case STRICT -> staple.isNone() || valid;
      case MUST -> valid;
    };
  }

  private void applyPeer(ValidationConfig rules) {
    long pointer = context.pointer();
    if (!rules.asksForCertificate()) {
      return; // also where a certificate is required: there is nothing to hold it against
    }
    boolean required = config.requireClientCertificate() || rules.needsCertificate();
    context.verify(required ? SSL.SSL_CVERIFY_REQUIRED : SSL.SSL_CVERIFY_OPTIONAL);
    var authorities = rules.authorities();
    if (!authorities.isEmpty() && !rules.leniency().hideAuthorities()) {
      long bio = Native.bio(Native.pem(authorities));
      SSLContext.setCACertificateBio(pointer, bio);
      SSL.freeBIO(bio);
    }
  }

  private void applySessions(@Nullable List<Bytes> ticketKeys) {
    long pointer = context.pointer();
    if (ticketKeys == null) {
      SSLContext.setOptions(pointer, SSL.SSL_OP_NO_TICKET);
    } else if (!ticketKeys.isEmpty()) {
      SSLContext.setSessionTicketKeys(
          pointer,
          ticketKeys.stream()
              .map(Bytes::toArray)
              .map(NativeServer::ticketKey)
              .toArray(SessionTicketKey[]::new));
    }
    SSLContext.setSessionCacheMode(
        pointer,
        config.resumption().stateful() ? SSL.SSL_SESS_CACHE_SERVER : SSL.SSL_SESS_CACHE_OFF);
    long seconds = config.resumption().timeout().toSeconds();
    if (seconds > 0) {
      SSLContext.setSessionCacheTimeout(pointer, seconds);
    }
  }

  /// Keys as the library wants them: of each part, as much as its algorithm needs.
  private static SessionTicketKey ticketKey(byte[] key) {
    return new SessionTicketKey(
        Arrays.copyOf(key, KEY_NAME),
        Arrays.copyOfRange(key, KEY_NAME, KEY_NAME + PART),
        Arrays.copyOfRange(key, KEY_NAME + HMAC_KEY, KEY_NAME + HMAC_KEY + PART));
  }

  @Override
  public @Nullable TlsEngine connection() {
    return context.connection(this::verify, this::session);
  }

  private Verdict verify(List<X509Certificate> chain) {
    var verdict = check.check(chain, List.of(), stats::refused);
    stats.refused(verdict);
    return verdict;
  }

  private TlsSession session(NativeEngine engine) {
    var name = Objects.toString(SSL.getSniHostname(engine.pointer()), "");
    return engine.session(name, true, local(engine));
  }

  private @Nullable TlsCertificate local(NativeEngine engine) {
    return shown.size() == 1 ? shown.values().iterator().next().certificate : engine.taken();
  }

  @Override
  public void release() {
    context.release();
  }
}
