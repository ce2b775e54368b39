package dev.weir.transport.tls;

import dev.weir.config.TransportSocketConfig.DownstreamTls;
import dev.weir.telemetry.StatScope;
import dev.weir.transport.DownstreamTransport;
import dev.weir.transport.TransportFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// TLS with clients. The main loop owns it; workers accept with the generation of its secrets that
/// they find.
final class TlsDownstream implements DownstreamTransport {
  private final TlsScopes scopes;
  private final TlsGenerations<ServerContext> generations;

  /// @throws IOException if a secret cannot be asked for
  TlsDownstream(DownstreamTls config, StatScope listener, TransportFactory.Secrets with)
      throws IOException {
    this.scopes = new TlsScopes(listener, "server");
    this.generations =
        new TlsGenerations<>(
            new TlsSecrets(with.store(), config.common(), config.resumption().ticketKeys()),
            scopes,
            with.expiries(),
            secrets -> make(config, secrets));
    try {
      generations.acquire();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private ServerContext make(DownstreamTls config, TlsSecrets secrets) {
    var parts =
        new ServerContext.Secrets(secrets.certificates(), secrets.rules(), secrets.ticketKeys());
    return switch (config.common().library()) {
      case BORINGSSL -> new NativeServer(config, parts, scopes.stats);
      case JDK -> new JdkServer(config, parts, scopes.stats);
    };
  }

  @Override
  public boolean isPlaintext() {
    return false;
  }

  @Override
  public void accept(Channel channel, ChannelPromise ready) {
    var handler = new TlsHandler(this::begin, scopes.stats);
    channel.pipeline().addLast(handler);
    handler.start(ready);
  }

  private TlsEngine begin() throws TransportFailure {
    for (var present = generations.present(); present != null; present = generations.present()) {
      var engine = present.connection();
      if (engine != null) {
        return engine;
      }
    }
    scopes.downstreamNotReady.increment();
    throw notReady();
  }

  @Override
  public CompletableFuture<Void> warm() {
    return generations.awaited();
  }

  @Override
  public void close() {
    generations.close();
  }

  /// Why a handshake fails that needs a secret which has not come.
  static TransportFailure notReady() {
    return new TransportFailure("TLS error: Secret is not supplied by SDS");
  }
}
