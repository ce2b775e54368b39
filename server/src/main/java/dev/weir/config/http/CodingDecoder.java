package dev.weir.config.http;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.util.Native;
import dev.weir.config.DataSourceDecoder;
import dev.weir.config.ExtensionDecoder;
import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.config.http.CompressorConfig.Coding;
import dev.weir.config.http.CompressorConfig.Library;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.compression.brotli.compressor.v3.Brotli;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.compression.zstd.compressor.v3.Zstd;
import java.util.zip.Deflater;

/// Makes the configuration of compression libraries.
final class CodingDecoder {
  private static final int CHUNK = 4096;
  private static final int GZIP_LEVEL = 6;
  private static final int BROTLI_QUALITY = 3;
  private static final int BROTLI_WINDOW = 18;
  private static final int ZSTD_LEVEL = 3;

  private CodingDecoder() {}

  /// @throws InvalidResourceException also if the native library cannot be loaded here
  static Library library(TypedExtensionConfig wire, Field at) throws InvalidResourceException {
    var there = at.at("typed_config");
    var coding =
        switch (ExtensionDecoder.unpack(wire, at)) {
          case Gzip gzip -> gzip(gzip, there);
          case Brotli brotli -> brotli(brotli, there);
          case Zstd zstd -> zstd(zstd, there);
          default ->
              throw ExtensionDecoder.unregistered(
                  wire.getName(), wire.getTypedConfig().getTypeUrl(), at);
        };
    return new Library(wire.getName(), coding);
  }

  private static Coding gzip(Gzip wire, Field at) {
    at.withoutEffect(wire.hasMemoryLevel(), "memory_level");
    at.withoutEffect(wire.hasWindowBits(), "window_bits");
    int strategy =
        switch (wire.getCompressionStrategy()) {
          case DEFAULT_STRATEGY, UNRECOGNIZED -> Deflater.DEFAULT_STRATEGY;
          case FILTERED -> Deflater.FILTERED;
          case HUFFMAN_ONLY -> Deflater.HUFFMAN_ONLY;
          case RLE, FIXED -> {
            at.withoutEffect(true, "compression_strategy");
            yield Deflater.DEFAULT_STRATEGY;
          }
        };
    int level =
        switch (wire.getCompressionLevel()) {
          case DEFAULT_COMPRESSION, UNRECOGNIZED -> GZIP_LEVEL;
          default -> wire.getCompressionLevelValue();
        };
    int chunk = (int) ScalarDecoder.uint32(wire.hasChunkSize(), wire.getChunkSize(), CHUNK);
    return new Coding.Gzip(level, strategy, chunk);
  }

  private static Coding brotli(Brotli wire, Field at) throws InvalidResourceException {
    at.require(
        Brotli4jLoader.isAvailable(),
        "the native library of brotli4j cannot be loaded here: "
            + Brotli4jLoader.getUnavailabilityCause());
    at.withoutEffect(wire.hasInputBlockBits(), "input_block_bits");
    at.withoutEffect(wire.getDisableLiteralContextModeling(), "disable_literal_context_modeling");
    var mode =
        switch (wire.getEncoderMode()) {
          case DEFAULT, GENERIC, UNRECOGNIZED -> Coding.Brotli.Mode.GENERIC;
          case TEXT -> Coding.Brotli.Mode.TEXT;
          case FONT -> Coding.Brotli.Mode.FONT;
        };
    return new Coding.Brotli(
        (int) ScalarDecoder.uint32(wire.hasQuality(), wire.getQuality(), BROTLI_QUALITY),
        mode,
        (int) ScalarDecoder.uint32(wire.hasWindowBits(), wire.getWindowBits(), BROTLI_WINDOW),
        (int) ScalarDecoder.uint32(wire.hasChunkSize(), wire.getChunkSize(), CHUNK));
  }

  private static Coding zstd(Zstd wire, Field at) throws InvalidResourceException {
    try {
      Native.load();
    } catch (LinkageError e) {
      throw at.invalid("the native library of zstd-jni cannot be loaded here: " + e);
    }
    int level =
        ScalarDecoder.size(wire.hasCompressionLevel(), wire.getCompressionLevel(), ZSTD_LEVEL);
    return new Coding.Zstd(
        level == 0 ? ZSTD_LEVEL : level,
        wire.getEnableChecksum(),
        wire.getStrategyValue(),
        wire.hasDictionary()
            ? DataSourceDecoder.hex(wire.getDictionary(), at.at("dictionary"))
            : null,
        (int) ScalarDecoder.uint32(wire.hasChunkSize(), wire.getChunkSize(), CHUNK));
  }
}
