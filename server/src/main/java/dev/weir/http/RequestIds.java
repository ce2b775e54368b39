package dev.weir.http;

import dev.weir.config.http.RequestRules.Ids;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.concurrent.ThreadLocalRandom;

/// `x-request-id`. Immutable; any worker.
final class RequestIds {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
  private static final int LENGTH = 36;
  private static final int VERSION_AT = 14;
  private static final int VARIANT_AT = 19;

  private final Ids config;

  RequestIds(Ids config) {
    this.config = config;
  }

  /// Gives a request an id, unless it has one that may stay.
  ///
  /// @param edge whether nobody trustworthy has spoken before us
  void apply(Http2Headers headers, boolean edge) {
    if (!config.generate()) {
      return;
    }
    var present = headers.get(Names.REQUEST_ID);
    boolean missing = present == null || present.length() == 0;
    if (missing || (edge && !config.preserveExternal())) {
      headers.set(Names.REQUEST_ID, random());
    }
  }

  boolean setInResponse() {
    return config.setInResponse();
  }

  /// A random UUID (RFC 9562, version 4). It need not be hard to guess.
  static AsciiString random() {
    var random = ThreadLocalRandom.current();
    long high = random.nextLong();
    long low = random.nextLong();
    var text = new byte[LENGTH];
    for (int i = 0, digit = 0; i < LENGTH; i++) {
      if (i == 8 || i == 13 || i == 18 || i == 23) {
        text[i] = '-';
      } else {
        long half = digit < 16 ? high : low;
        text[i] = HEX[(int) (half >>> (4 * (digit & 15))) & 15];
        digit++;
      }
    }
    text[VERSION_AT] = '4';
    text[VARIANT_AT] = HEX[8 | (text[VARIANT_AT] & 3)];
    return new AsciiString(text, false);
  }
}
