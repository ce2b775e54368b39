package dev.weir.http;

import dev.weir.config.http.RequestRules.ServerName;
import dev.weir.config.http.RequestRules.ServerName.Transformation;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// What every response gets before it leaves. Immutable; any worker.
final class ResponseRules {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final FastThreadLocal<Second> SECOND =
      new FastThreadLocal<>() {
        @Override
        protected Second initialValue() {
          return new Second();
        }
      };

  private final AsciiString name;
  private final Transformation transformation;
  private final String via;

  ResponseRules(ServerName config) {
    this.name = new AsciiString(config.name());
    this.transformation = config.transformation();
    this.via = config.via();
  }

  /// The present second, as text.
  private static final class Second {
    private long number = Long.MIN_VALUE;
    private AsciiString text = AsciiString.EMPTY_STRING;

    AsciiString now() {
      long second = System.currentTimeMillis() / 1000;
      if (second != number) {
        number = second;
        text = new AsciiString(DATE.format(Instant.ofEpochSecond(second)));
      }
      return text;
    }
  }

  /// Says that we were on the way.
  void via(Http2Headers headers) {
    if (!via.isEmpty()) {
      ClientRules.appendVia(headers, via);
    }
  }

  /// @param upgraded whether the connection goes over to another protocol with this response
  void apply(Http2Headers headers, boolean upgraded) {
    headers.remove(Names.KEEP_ALIVE);
    headers.remove(Names.PROXY_CONNECTION);
    headers.remove(Names.TRANSFER_ENCODING);
    if (!upgraded) {
      headers.remove(Names.CONNECTION);
      headers.remove(Names.UPGRADE);
    }
    if (!headers.contains(Names.DATE)) {
      headers.add(Names.DATE, SECOND.get().now());
    }
    boolean named = headers.contains(Names.SERVER);
    switch (transformation) {
      case OVERWRITE -> headers.set(Names.SERVER, name);
      case APPEND_IF_ABSENT -> {
        if (!named) {
          headers.add(Names.SERVER, name);
        }
      }
      case PASS_THROUGH -> {}
    }
  }
}
