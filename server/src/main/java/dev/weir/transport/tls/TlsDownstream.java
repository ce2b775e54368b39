package dev.weir.transport.tls;

import dev.weir.config.Bytes;
import dev.weir.config.TransportSocketConfig.DownstreamTls;
import dev.weir.config.ValidationConfig;
import dev.weir.telemetry.StatScope;
import dev.weir.transport.DownstreamTransport;
import dev.weir.transport.TransportFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// TLS with clients. The main loop owns it; workers accept with the generation of its secrets that
/// they find.
final class TlsDownstream implements DownstreamTransport {
  private static final System.Logger LOG = System.getLogger("secret");

  private final DownstreamTls config;
  private final TlsScopes scopes;
  private final TlsSecrets secrets;
  private final CertificateExpiries expiries;
  private volatile @Nullable ServerContext current;

  /// @throws IOException if a secret cannot be asked for
  TlsDownstream(
      DownstreamTls config, StatScope listener, SecretStore store, CertificateExpiries expiries)
      throws IOException {
    this.config = config;
    this.expiries = expiries;
    this.secrets =
        new TlsSecrets(store, config.common(), config.resumption().ticketKeys(), this::renew);
    this.scopes = new TlsScopes(listener, "server");
    try {
      secrets.acquire();
      if (secrets.areComplete()) {
        replace(make());
      }
    } catch (IOException e) {
      close();
      throw e;
    } catch (IllegalStateException e) {
      close();
      throw new IOException(e.getMessage(), e);
    }
  }

  /// A secret has come, or has changed.
  private void renew() {
    if (!secrets.areComplete()) {
      return;
    }
    try {
      replace(make());
      scopes.updates.increment();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the former certificates serve on", e);
    }
  }

  private ServerContext make() {
    var keys = secrets.ticketKeys();
    var made =
        new ServerContext(
            config,
            new ServerContext.Secrets(
                secrets.certificates(),
                secrets.rules(),
                keys == null
                    ? null
                    : keys.stream().map(Bytes::toArray).map(ServerContext::ticketKey).toList()),
            scopes.stats);
    expiries.put(this, secrets.certificates(), secrets.rules());
    return made;
  }

  private void replace(@Nullable ServerContext next) {
    var before = current;
    current = next;
    if (before != null) {
      before.release();
    }
  }

  @Override
  public boolean isPlaintext() {
    return false;
  }

  @Override
  public void accept(Channel channel, ChannelPromise ready) {
    var handler = new TlsHandler(new Accepting());
    channel.pipeline().addLast(handler);
    handler.start(ready);
  }

  private final class Accepting implements TlsHandler.Handshake {
    private @Nullable ServerContext context;

    @Override
    public TlsEngine begin() throws TransportFailure {
      for (var present = current; present != null; present = current) {
        var engine = present.connection();
        if (engine != null) {
          context = present;
          return engine;
        }
      }
      scopes.downstreamNotReady.increment();
      throw notReady();
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
      return context.session(engine);
    }
  }

  @Override
  public CompletableFuture<Void> warm() {
    return secrets.awaited();
  }

  @Override
  public void close() {
    secrets.release();
    expiries.put(this, List.of(), ValidationConfig.NONE);
    replace(null);
    scopes.close();
  }

  /// Why a handshake fails that needs a secret which has not come.
  static TransportFailure notReady() {
    return new TransportFailure("TLS error: Secret is not supplied by SDS");
  }
}
