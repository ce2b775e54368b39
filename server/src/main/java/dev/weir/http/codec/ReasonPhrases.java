package dev.weir.http.codec;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/// The words behind a status, as RFC 9110 has them. Any thread.
public final class ReasonPhrases {
  private static final int HIGHEST = 1000;
  private static final Map<Integer, String> NEWER_NAMES =
      Map.of(
          103, "Early Hints",
          413, "Payload Too Large",
          414, "URI Too Long",
          416, "Range Not Satisfiable",
          425, "Too Early",
          508, "Loop Detected");
  private static final String[] PHRASES = new String[HIGHEST];

  static {
    for (int code = 100; code < HIGHEST; code++) {
      var phrase = HttpResponseStatus.valueOf(code).reasonPhrase();
      var known = phrase.indexOf('(') < 0 ? phrase : "Unknown";
      PHRASES[code] = NEWER_NAMES.getOrDefault(code, known);
    }
  }

  private ReasonPhrases() {}

  /// The words for a status.
  public static String of(int status) {
    return status >= 100 && status < HIGHEST ? PHRASES[status] : "Unknown";
  }
}
