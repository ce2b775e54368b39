package dev.weir.lab;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Reads bodies by their `content-encoding`.
final class Encodings {
  private Encodings() {}

  /// @param encoding null for none
  static byte[] decode(@Nullable String encoding, byte[] body) throws IOException {
    if (encoding == null || body.length == 0) {
      return body;
    }
    try (var in = open(encoding, new ByteArrayInputStream(body))) {
      return in.readAllBytes();
    }
  }

  private static InputStream open(String encoding, InputStream in) throws IOException {
    return switch (encoding) {
      case "gzip" -> new GZIPInputStream(in);
      case "zstd" -> new ZstdInputStream(in);
      case "br" -> {
        Brotli4jLoader.ensureAvailability();
        yield new BrotliInputStream(in);
      }
      default -> in;
    };
  }
}
