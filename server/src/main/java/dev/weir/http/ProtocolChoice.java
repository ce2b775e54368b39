package dev.weir.http;

import dev.weir.config.HttpConnectionManagerConfig;
import dev.weir.config.HttpConnectionManagerConfig.Codec;
import dev.weir.config.HttpProtocol;
import dev.weir.connection.Connection;
import dev.weir.http.codec.CodecOwner;
import dev.weir.http.codec.Http1Handler;
import dev.weir.http.codec.Http2Handler;
import dev.weir.http.codec.ProtocolSniffer;
import dev.weir.http.codec.ServerCodec;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which version of HTTP a client speaks: as configured, as agreed by ALPN, or as its first bytes
/// tell. Its connection's worker only.
final class ProtocolChoice {
  private final HttpConnectionManagerConfig config;
  private final HttpStats stats;
  private final Connection connection;
  private final CodecOwner owner;
  private final Consumer<ServerCodec> chosen;

  /// @param chosen hears of the codec when it stands in the connection's pipeline
  ProtocolChoice(
      HttpConnectionManager manager,
      Connection connection,
      CodecOwner owner,
      Consumer<ServerCodec> chosen) {
    this.config = manager.config();
    this.stats = manager.stats();
    this.connection = connection;
    this.owner = owner;
    this.chosen = chosen;
  }

  void make() {
    var protocol = agreed();
    if (protocol == null) {
      connection.channel().pipeline().addLast(new ProtocolSniffer(owner, this::speak));
    } else {
      speak(protocol);
    }
  }

  /// What is spoken for sure; null if the first bytes have to tell.
  private @Nullable HttpProtocol agreed() {
    if (config.codec() == Codec.HTTP1) {
      return HttpProtocol.HTTP1;
    }
    if (config.codec() == Codec.HTTP2) {
      return HttpProtocol.HTTP2;
    }
    var tls = connection.info().tls();
    return switch (tls == null ? "" : tls.applicationProtocol()) {
      case "h2" -> HttpProtocol.HTTP2;
      case "http/1.1" -> HttpProtocol.HTTP1;
      default -> null;
    };
  }

  private void speak(HttpProtocol protocol) {
    switch (protocol) {
      case HTTP1 -> {
        stats.http1Connections.increment();
        stats.http1Active.increment();
        var handler = http1();
        chosen.accept(handler);
        connection.channel().pipeline().addLast(handler);
      }
      case HTTP2 -> {
        stats.http2Connections.increment();
        stats.http2Active.increment();
        var handler = http2();
        chosen.accept(handler);
        connection.channel().pipeline().addLast(handler);
      }
    }
  }

  private Http1Handler http1() {
    var protocols = config.protocols();
    var underscores = config.requests().host().underscores();
    var options =
        new Http1Handler.Options(protocols.http1(), protocols.limits(), underscores, stats.http1());
    return new Http1Handler(owner, connection.worker(), options);
  }

  private Http2Handler http2() {
    var protocols = config.protocols();
    return Http2Handler.of(
        owner,
        new Http2Handler.Options(
            protocols.http2(),
            protocols.limits(),
            config.requests().host().underscores(),
            config.timing().flush().toMillis(),
            stats.http2(),
            connection.worker()));
  }
}
