package dev.weir.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is read in pieces comes out as it went in, and no piece is kept or lost.
final class FrameCumulatorTest {
  private static final int PIECES = 2_000;

  @Test
  void bytesStayInOrderHoweverTheyAreCutAndTaken() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var sent = new ByteArrayOutputStream();
    var taken = new ByteArrayOutputStream();
    var pieces = new ArrayList<ByteBuf>();
    var kept = new ArrayList<ByteBuf>();
    var rest = Unpooled.EMPTY_BUFFER;
    for (int i = 0; i < PIECES; i++) {
      var bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 8 : 40_000)];
      random.nextBytes(bytes);
      sent.writeBytes(bytes);
      var piece = ByteBufAllocator.DEFAULT.ioBuffer(bytes.length).writeBytes(bytes);
      pieces.add(piece);
      rest = FrameCumulator.INSTANCE.cumulate(ByteBufAllocator.DEFAULT, rest, piece);
      pieces.add(rest);
      int length = random.nextInt(rest.readableBytes() + 1);
      var frame = random.nextBoolean() ? rest.readRetainedSlice(length) : rest.readBytes(length);
      taken.writeBytes(bytes(frame));
      kept.add(frame);
      if (random.nextBoolean()) {
        kept.forEach(ByteBuf::release);
        kept.clear();
      }
    }
    taken.writeBytes(bytes(rest));
    rest.release();
    kept.forEach(ByteBuf::release);
    assertArrayEquals(sent.toByteArray(), taken.toByteArray(), "seed " + seed);
    assertEquals(0, pieces.stream().filter(it -> it.refCnt() > 0).count(), "seed " + seed);
  }

  @Test
  void aFrameThatComesByteByByteIsSeldomCopied() {
    int length = 16_384;
    var rest = Unpooled.EMPTY_BUFFER;
    int buffers = 0;
    for (int i = 0; i < length; i++) {
      var next = ByteBufAllocator.DEFAULT.ioBuffer(1).writeByte(i);
      int before = rest.capacity();
      rest = FrameCumulator.INSTANCE.cumulate(ByteBufAllocator.DEFAULT, rest, next);
      buffers += rest.capacity() == before ? 0 : 1;
    }
    assertEquals(length, rest.readableBytes());
    assertTrue(buffers <= 20, "it was copied " + buffers + " times");
    rest.release();
  }

  private static byte[] bytes(ByteBuf from) {
    var bytes = new byte[from.readableBytes()];
    from.getBytes(from.readerIndex(), bytes);
    return bytes;
  }
}
