package dev.weir.transport.tls;

import dev.weir.config.TransportSocketConfig.TicketKeys;
import dev.weir.config.TransportSocketConfig.UpstreamTls;
import dev.weir.telemetry.StatScope;
import dev.weir.transport.DialOptions;
import dev.weir.transport.TransportFailure;
import dev.weir.transport.UpstreamTransport;
import dev.weir.xds.SerialLoop;
import io.netty.channel.Channel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;

/// TLS with hosts of a cluster. The main loop owns it; workers dial with the generation of its
/// secrets that they find. It asks for its secrets when it is first needed: when somebody waits for
/// it to be warm, or dials.
final class TlsUpstream implements UpstreamTransport {
  private static final System.Logger LOG = System.getLogger("secret");

  private final UpstreamTls config;
  private final SerialLoop main;
  private final TlsScopes scopes;
  private final TlsGenerations<ClientContexts> generations;
  private boolean asked;

  TlsUpstream(
      UpstreamTls config, StatScope cluster, SerialLoop main, TransportFactory.Secrets with) {
    this.config = config;
    this.main = main;
    var secrets = new TlsSecrets(with.store(), config.common(), new TicketKeys.None());
    this.scopes = new TlsScopes(cluster, "client");
    this.generations = new TlsGenerations<>(secrets, scopes, with.expiries(), this::make);
    if (secrets.areGiven()) {
      ask();
    }
  }

  /// Asks for what it needs, once.
  private void ask() {
    if (asked) {
      return;
    }
    asked = true;
    try {
      generations.acquire();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "no secret, and no connection: {0}", e.getMessage());
    }
  }

  private ClientContexts make(TlsSecrets secrets) {
    var certificates = secrets.certificates();
    var shown = certificates.isEmpty() ? null : certificates.getFirst();
    return new ClientContexts(
        config, new ClientContext.Secrets(shown, secrets.rules()), scopes.stats);
  }

  @Override
  public void install(Channel channel, DialOptions options) {
    channel.pipeline().addLast(new TlsHandler(() -> begin(options), scopes.stats));
  }

  private TlsEngine begin(DialOptions options) throws TransportFailure {
    for (var present = generations.present(); present != null; present = generations.present()) {
      var context = present.find(options);
      var engine = context == null ? null : context.connection(options);
      if (engine != null) {
        return engine;
      }
    }
    scopes.upstreamNotReady.increment();
    main.execute(this::ask);
    throw TlsDownstream.notReady();
  }

  @Override
  public CompletableFuture<Void> warm() {
    main.check();
    ask();
    return generations.awaited();
  }

  @Override
  public void close() {
    asked = true;
    generations.close();
  }
}
