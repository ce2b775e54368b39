package dev.weir.http.filter.compressor;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.weir.config.http.CompressorConfig.Coding;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/// A Zstandard frame (RFC 8878), by zstd-jni.
final class ZstdCoder implements BodyCoder {
  private final ZstdCompressCtx frame = new ZstdCompressCtx();
  private final int chunk;

  ZstdCoder(Coding.Zstd config) {
    frame.setLevel(config.level());
    frame.setChecksum(config.checksum());
    if (config.strategy() != 0) {
      frame.setStrategy(config.strategy());
    }
    var dictionary = config.dictionary();
    if (dictionary != null) {
      frame.loadDict(HexFormat.of().parseHex(dictionary));
    }
    chunk = config.chunkSize();
  }

  @Override
  public void code(ByteBuffer in, ByteBuf out, boolean end) {
    var directive = end ? EndDirective.END : EndDirective.FLUSH;
    boolean done;
    do {
      var room = BodyCoder.room(out, chunk);
      int free = room.remaining();
      done = frame.compressDirectByteBufferStream(room, in, directive);
      out.writerIndex(out.writerIndex() + free - room.remaining());
    } while (!done);
  }

  @Override
  public void close() {
    frame.close();
  }
}
