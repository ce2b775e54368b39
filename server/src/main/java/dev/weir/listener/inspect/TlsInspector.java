package dev.weir.listener.inspect;

import dev.weir.config.ListenerFilterConfig;
import dev.weir.connection.Connection;
import dev.weir.telemetry.Histogram;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import io.netty.buffer.ByteBuf;

/// `envoy.filters.listener.tls_inspector`: tells TLS from other protocols, and learns SNI and ALPN
/// from the ClientHello. Any worker.
final class TlsInspector implements Inspector {
  private final int maxSize;
  private final boolean closeOnParsingError;
  private final boolean ja3;
  private final boolean ja4;
  private final StatScope stats;
  private final Histogram bytesProcessed;

  TlsInspector(ListenerFilterConfig.TlsInspector config, Stats stats) {
    this.maxSize = config.maxClientHelloSize();
    this.closeOnParsingError = config.closeOnParsingError();
    this.ja3 = config.ja3();
    this.ja4 = config.ja4();
    this.stats = stats.scope("tls_inspector", StatFamilies.TLS_INSPECTOR);
    this.bytesProcessed = this.stats.histogram("bytes_processed");
  }

  @Override
  public Verdict inspect(ByteBuf sofar, Connection.Accepted connection) {
    var looked = sofar.slice(sofar.readerIndex(), Math.min(sofar.readableBytes(), maxSize));
    return switch (ClientHello.parse(looked, ja3 || ja4)) {
      case ClientHello.Incomplete _ -> {
        if (sofar.readableBytes() < maxSize) {
          yield Verdict.MORE;
        }
        count("client_hello_too_large");
        yield Verdict.REFUSE;
      }
      case ClientHello.NotTls _, ClientHello.Malformed _ -> {
        plain(sofar, connection);
        yield closeOnParsingError ? Verdict.REFUSE : Verdict.DONE;
      }
      case ClientHello.Complete hello -> {
        learn(hello, connection);
        yield Verdict.DONE;
      }
    };
  }

  private void plain(ByteBuf sofar, Connection.Accepted connection) {
    count("tls_not_found");
    bytesProcessed.record(sofar.readableBytes());
    connection.info().transportProtocol("raw_buffer");
  }

  private void learn(ClientHello.Complete hello, Connection.Accepted connection) {
    count("tls_found");
    count(hello.serverName().isEmpty() ? "sni_not_found" : "sni_found");
    count(hello.applicationProtocols().isEmpty() ? "alpn_not_found" : "alpn_found");
    connection.info().transportProtocol("tls");
    connection.info().serverName(hello.serverName());
    connection.info().applicationProtocols(hello.applicationProtocols());
    bytesProcessed.record(hello.length());
    if (!hello.serverName().isEmpty()) {
      connection.record().serverName(hello.serverName());
    }
    var shape = hello.shape();
    if (shape != null) {
      connection
          .record()
          .fingerprints(
              ja3 ? shape.ja3() : null, ja4 ? shape.ja4(hello.applicationProtocols()) : null);
    }
  }

  private void count(String what) {
    stats.counter(what).increment();
  }

  @Override
  public void close() {
    stats.close();
  }
}
