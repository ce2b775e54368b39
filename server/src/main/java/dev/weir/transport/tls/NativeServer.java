package dev.weir.transport.tls;

import dev.weir.config.Bytes;
import dev.weir.config.CertificateConfig;
import dev.weir.config.TransportSocketConfig.DownstreamTls;
import dev.weir.config.TransportSocketConfig.OcspPolicy;
import dev.weir.config.ValidationConfig;
import dev.weir.transport.tls.TrustCheck.Purpose;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.internal.tcnative.SessionTicketKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  private final List<Shown> shown = new ArrayList<>();
  private final @Nullable SniSelector<Shown> selector;
  private final TlsStats stats;
  private final boolean stapling;

  /// A certificate that may be shown.
  ///
  /// @param stapled with its OCSP response, if it has one
  /// @param mustStaple whether it says itself that it is not to be shown without
  private record Shown(
      long bare, long stapled, TlsCertificate certificate, OcspStaple staple, boolean mustStaple) {

    Shown(CertificateConfig config) {
      this(
          Native.credential(config, Bytes.EMPTY),
          Native.credential(config, config.ocspStaple()),
          new TlsCertificate(config.leaf()),
          OcspStaple.of(config.ocspStaple()),
          config.mustStaple());
    }

    void free() {
      Native.freeCredential(bare);
      Native.freeCredential(stapled);
    }
  }

  /// @throws IllegalStateException if the library does not take it
  NativeServer(DownstreamTls config, Secrets secrets, TlsStats stats) {
    this.config = config;
    this.stats = stats;
    this.check = new PeerCheck(secrets.rules(), Purpose.CLIENT);
    this.context = new NativeContext(config.common().params(), true);
    context.atEnd(() -> shown.forEach(Shown::free));
    try {
      secrets.certificates().forEach(one -> shown.add(new Shown(one)));
      this.selector = selector(secrets.certificates());
      this.stapling = shown.stream().anyMatch(one -> one.mustStaple || !one.staple.isNone());
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

  /// Chooses among certificates for each connection, unless there is nothing to choose or to check.
  private @Nullable SniSelector<Shown> selector(List<CertificateConfig> certificates) {
    boolean plain =
        certificates.size() == 1
            && !config.requireServerName()
            && certificates.getFirst().ocspStaple().isEmpty()
            && !certificates.getFirst().mustStaple();
    if (plain) {
      try {
        SSLContext.addCredential(context.pointer(), shown.getFirst().bare);
        return null;
      } catch (Exception e) {
        throw Native.refused("a credential", e);
      }
    }
    SSLContext.setCertificateCallback(
        context.pointer(),
        (ssl, _, _) -> choose(ssl, Objects.toString(SSL.getSniHostname(ssl), "")));
    var entries =
        shown.stream()
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
    var engine = context.handshake(ssl);
    if (engine == null) {
      return;
    }
    var offered = new ArrayList<TlsCertificate>();
    boolean asked = engine.asksForStaple();
    for (var one : selector.select(serverName)) {
      if (!asked || serves(one)) {
        SSL.addCredential(ssl, one.staple.isValid(Instant.now()) ? one.stapled : one.bare);
        offered.add(one.certificate);
      }
    }
    if (offered.isEmpty()) {
      stats.staplesFailed.increment();
    }
    engine.offer(offered);
  }

  /// Whether a client is served that asks for the OCSP response.
  private boolean serves(Shown one) {
    boolean valid = one.staple.isValid(Instant.now());
    return switch (one.mustStaple ? OcspPolicy.MUST : config.choice().ocspPolicy()) {
      case LENIENT -> true;
      case STRICT -> one.staple.isNone() || valid;
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
    var engine = context.connection(this::verify, this::session);
    if (engine != null && stapling) {
      engine.rememberHello();
    }
    return engine;
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
    return shown.size() == 1 ? shown.getFirst().certificate : engine.taken();
  }

  @Override
  public void release() {
    context.release();
  }
}
