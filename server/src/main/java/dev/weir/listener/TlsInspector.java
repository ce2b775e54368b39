package dev.weir.listener;

import dev.weir.config.ListenerFilterConfig;
import dev.weir.connection.Connection;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import io.netty.buffer.ByteBuf;

/// `envoy.filters.listener.tls_inspector`: tells TLS from other protocols, and learns SNI and ALPN
/// from the ClientHello. Any worker.
final class TlsInspector implements Inspector {
  private final int maxSize;
  private final boolean closeOnParsingError;
  private final StatScope stats;

  TlsInspector(ListenerFilterConfig.TlsInspector config, Stats stats) {
    this.maxSize = config.maxClientHelloSize();
    this.closeOnParsingError = config.closeOnParsingError();
    this.stats = stats.scope("tls_inspector");
  }

  @Override
  public Verdict inspect(ByteBuf sofar, Connection.Accepted connection) {
    return switch (ClientHello.parse(sofar)) {
      case ClientHello.Incomplete _ -> {
        if (sofar.readableBytes() < maxSize) {
          yield Verdict.MORE;
        }
        count("client_hello_too_large");
        yield Verdict.REFUSE;
      }
      case ClientHello.NotTls _ -> {
        count("tls_not_found");
        yield Verdict.DONE;
      }
      case ClientHello.Malformed _ -> {
        count("tls_not_found");
        yield closeOnParsingError ? Verdict.REFUSE : Verdict.DONE;
      }
      case ClientHello.Complete hello -> {
        learn(hello, connection);
        yield Verdict.DONE;
      }
    };
  }

  private void learn(ClientHello.Complete hello, Connection.Accepted connection) {
    count("tls_found");
    count(hello.serverName().isEmpty() ? "sni_not_found" : "sni_found");
    count(hello.applicationProtocols().isEmpty() ? "alpn_not_found" : "alpn_found");
    connection.info().transportProtocol("tls");
    connection.info().serverName(hello.serverName());
    connection.info().applicationProtocols(hello.applicationProtocols());
    if (!hello.serverName().isEmpty()) {
      connection.record().serverName(hello.serverName());
    }
  }

  private void count(String what) {
    stats.counter(what).increment();
  }
}
