package dev.weir.http.filter.compressor;

import dev.weir.config.http.CompressorConfig.Coding;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/// Compresses one body. Its worker only.
interface BodyCoder extends AutoCloseable {

  /// Compresses a piece. All that came in so far can be read from what came out so far.
  ///
  /// @param in direct; all of it is taken
  /// @param out direct; grows
  /// @param end whether this is the last piece
  void code(ByteBuffer in, ByteBuf out, boolean end);

  /// Frees what the library holds.
  @Override
  void close();

  static BodyCoder of(Coding coding) {
    return switch (coding) {
      case Coding.Gzip gzip -> new GzipCoder(gzip);
      case Coding.Brotli brotli -> new BrotliCoder(brotli);
      case Coding.Zstd zstd -> new ZstdCoder(zstd);
    };
  }

  /// Room at the end of a buffer.
  static ByteBuffer room(ByteBuf out, int chunk) {
    out.ensureWritable(chunk);
    return out.nioBuffer(out.writerIndex(), out.writableBytes());
  }
}
