package dev.weir.http.filter.compressor;

import dev.weir.config.http.CompressorConfig.Coding;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// A gzip stream (RFC 1952), by the JDK's zlib.
final class GzipCoder implements BodyCoder {
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};

  private final Deflater deflater;
  private final CRC32 crc = new CRC32();
  private final int chunk;
  private boolean begun;

  GzipCoder(Coding.Gzip config) {
    deflater = new Deflater(config.level(), true);
    deflater.setStrategy(config.strategy());
    chunk = config.chunkSize();
  }

  @Override
  public void code(ByteBuffer in, ByteBuf out, boolean end) {
    if (!begun) {
      begun = true;
      out.writeBytes(HEADER);
    }
    crc.update(in.duplicate());
    deflater.setInput(in);
    if (end) {
      deflater.finish();
    }
    boolean more;
    do {
      var room = BodyCoder.room(out, chunk);
      int flush = end ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
      out.writerIndex(out.writerIndex() + deflater.deflate(room, flush));
      // A first round may only have set the strategy, and taken nothing.
      more = end ? !deflater.finished() : !room.hasRemaining() || !deflater.needsInput();
    } while (more);
    if (end) {
      out.writeIntLE((int) crc.getValue()).writeIntLE((int) deflater.getBytesRead());
    }
  }

  @Override
  public void close() {
    deflater.end();
  }
}
