package dev.weir.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;

/// Puts what is left of a frame and what was read next into one buffer. Any thread.
///
/// Netty's own way is to append to the buffer that the rest lies in, with all that was decoded of
/// it: under load that buffer grows beyond what is pooled, and is made, cleared and copied again
/// and again. Here the rest alone is taken along.
public final class FrameCumulator implements ByteToMessageDecoder.Cumulator {
  public static final FrameCumulator INSTANCE = new FrameCumulator();

  /// As much as a frame may have in general. With it a frame that comes byte by byte is not copied
  /// with each of them.
  private static final int ROOM = 16 * 1024;

  private FrameCumulator() {}

  @Override
  public ByteBuf cumulate(ByteBufAllocator alloc, ByteBuf rest, ByteBuf next) {
    if (!rest.isReadable()) {
      rest.release();
      return next;
    }
    try {
      int more = next.readableBytes();
      if (rest.refCnt() == 1 && !rest.isReadOnly() && more <= rest.writableBytes()) {
        return rest.writeBytes(next);
      }
      int whole = rest.readableBytes() + more;
      var together = alloc.ioBuffer(whole + Math.min(whole, ROOM));
      together.writeBytes(rest).writeBytes(next);
      rest.release();
      return together;
    } finally {
      next.release();
    }
  }
}
