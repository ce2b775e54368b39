package dev.weir.http;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Whether a request asks for something else than an answer.
enum RequestKind {
  PLAIN,
  /// To be connected through (CONNECT).
  CONNECT,
  /// To speak another protocol from here on, such as `websocket`.
  UPGRADE;

  static RequestKind of(Http2Headers request) {
    if (RequestEntry.isConnect(request)) {
      return CONNECT;
    }
    return request.contains(Names.UPGRADE) && asks(request.get(Names.CONNECTION)) ? UPGRADE : PLAIN;
  }

  /// Whether a list of connection options has the one that makes `upgrade` count.
  private static boolean asks(@Nullable CharSequence options) {
    if (options != null) {
      for (var option : options.toString().split(",", -1)) {
        if (option.strip().equalsIgnoreCase("upgrade")) {
          return true;
        }
      }
    }
    return false;
  }

  /// By which name the configuration speaks of it; null for a plain request.
  @Nullable String upgradeType(Http2Headers request) {
    return switch (this) {
      case PLAIN -> null;
      case CONNECT -> "connect";
      case UPGRADE -> String.valueOf(request.get(Names.UPGRADE)).toLowerCase(Locale.ROOT);
    };
  }

  /// Whether a response with that status grants it.
  boolean isGranted(int status) {
    return switch (this) {
      case PLAIN -> false;
      case CONNECT -> status / 100 == 2;
      case UPGRADE -> status == 101;
    };
  }
}
