package dev.weir.upstream.health;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.util.HexFormat;
import java.util.List;

/// Looks for blocks of bytes in a stream: each has to come somewhere behind the one before. Nothing
/// of the stream is kept. One thread.
///
/// Source: D. Knuth, J. Morris, V. Pratt, "Fast Pattern Matching in Strings".
final class PayloadSearch implements ByteProcessor {
  private final List<Block> blocks;
  private int found;
  private int matched;

  /// A block, and for each of its beginnings how much of it is an end of that beginning too.
  static final class Block {
    private final byte[] bytes;
    private final int[] borders;

    private Block(byte[] bytes) {
      this.bytes = bytes;
      this.borders = new int[bytes.length + 1];
      int border = -1;
      borders[0] = border;
      for (int i = 0; i < bytes.length; i++) {
        while (border >= 0 && bytes[i] != bytes[border]) {
          border = borders[border];
        }
        border++;
        borders[i + 1] = border;
      }
    }
  }

  PayloadSearch(List<Block> blocks) {
    this.blocks = blocks;
    skipEmpty();
  }

  static List<Block> blocks(List<String> hex) {
    return hex.stream().map(block -> new Block(HexFormat.of().parseHex(block))).toList();
  }

  /// Looks at further bytes of the stream.
  ///
  /// @return whether all blocks have come
  boolean feed(ByteBuf data) {
    return feed(data, data.readableBytes());
  }

  /// Looks at so many of them.
  boolean feed(ByteBuf data, int length) {
    if (!isDone()) {
      data.forEachByte(data.readerIndex(), length, this);
    }
    return isDone();
  }

  @Override
  public boolean process(byte next) {
    var block = blocks.get(found);
    while (matched >= 0 && block.bytes[matched] != next) {
      matched = block.borders[matched];
    }
    matched++;
    if (matched == block.bytes.length) {
      matched = 0;
      found++;
      skipEmpty();
    }
    return !isDone();
  }

  private void skipEmpty() {
    while (!isDone() && blocks.get(found).bytes.length == 0) {
      found++;
    }
  }

  boolean isDone() {
    return found == blocks.size();
  }
}
