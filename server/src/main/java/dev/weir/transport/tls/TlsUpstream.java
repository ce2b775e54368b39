package dev.weir.transport.tls;

import dev.weir.config.TransportSocketConfig.TicketKeys;
import dev.weir.config.TransportSocketConfig.UpstreamTls;
import dev.weir.config.ValidationConfig;
import dev.weir.telemetry.StatScope;
import dev.weir.transport.DialOptions;
import dev.weir.transport.TransportFailure;
import dev.weir.transport.UpstreamTransport;
import dev.weir.xds.SerialLoop;
import io.netty.channel.Channel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// TLS with hosts of a cluster. The main loop owns it; workers dial with the generation of its
/// secrets that they find. It asks for its secrets when it is first needed: when somebody waits for
/// it to be warm, or dials.
final class TlsUpstream implements UpstreamTransport {
  private static final System.Logger LOG = System.getLogger("secret");

  private final UpstreamTls config;
  private final SerialLoop main;
  private final TlsScopes scopes;
  private final TlsSecrets secrets;
  private final CertificateExpiries expiries;
  private boolean asked;
  private boolean closed;
  private volatile @Nullable ClientContexts current;

  TlsUpstream(
      UpstreamTls config,
      StatScope cluster,
      SerialLoop main,
      SecretStore store,
      CertificateExpiries expiries) {
    this.config = config;
    this.main = main;
    this.expiries = expiries;
    this.secrets = new TlsSecrets(store, config.common(), new TicketKeys.None(), this::renew);
    this.scopes = new TlsScopes(cluster, "client");
    if (secrets.areGiven()) {
      ask();
    }
  }

  /// Asks for what it needs, once.
  private void ask() {
    if (asked || closed) {
      return;
    }
    asked = true;
    try {
      secrets.acquire();
      if (secrets.areComplete()) {
        replace(make());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "no secret, and no connection: {0}", e.getMessage());
    }
  }

  private void renew() {
    if (!secrets.areComplete() || closed) {
      return;
    }
    try {
      replace(make());
      scopes.updates.increment();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the former certificate serves on", e);
    }
  }

  private ClientContexts make() {
    var certificates = secrets.certificates();
    var rules = secrets.rules();
    expiries.put(this, certificates, rules);
    var shown = certificates.isEmpty() ? null : certificates.getFirst();
    return new ClientContexts(config, new ClientContext.Secrets(shown, rules), scopes.stats);
  }

  private void replace(@Nullable ClientContexts next) {
    var before = current;
    current = next;
    if (before != null) {
      before.release();
    }
  }

  @Override
  public void install(Channel channel, DialOptions options) {
    channel.pipeline().addLast(new TlsHandler(new Dialing(options)));
  }

  private final class Dialing implements TlsHandler.Handshake {
    private final DialOptions options;
    private @Nullable ClientContext context;

    Dialing(DialOptions options) {
      this.options = options;
    }

    @Override
    public TlsEngine begin() throws TransportFailure {
      for (var present = current; present != null; present = current) {
        var found = present.find(options);
        var engine = found == null ? null : found.connection(options);
        if (engine != null) {
          context = found;
          return engine;
        }
      }
      scopes.upstreamNotReady.increment();
      main.execute(TlsUpstream.this::ask);
      throw TlsDownstream.notReady();
    }

    @Override
    public TlsSession done(TlsEngine engine) {
      var session = session(engine);
      scopes.stats.handshake(session);
      return session;
    }

    @Override
    public TlsSession failed(TlsEngine engine, TransportFailure failure) {
      scopes.stats.failed(failure);
      return session(engine);
    }

    private TlsSession session(TlsEngine engine) {
      if (context == null) {
        throw new IllegalStateException("it has not begun");
      }
      return context.session(engine, options);
    }
  }

  @Override
  public CompletableFuture<Void> warm() {
    main.check();
    ask();
    return secrets.awaited();
  }

  @Override
  public void close() {
    closed = true;
    secrets.release();
    expiries.put(this, List.of(), ValidationConfig.NONE);
    replace(null);
    scopes.close();
  }
}
