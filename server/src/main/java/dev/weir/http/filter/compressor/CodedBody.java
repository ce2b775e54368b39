package dev.weir.http.filter.compressor;

import dev.weir.config.http.CompressorConfig.Coding;
import dev.weir.telemetry.Counter;
import io.netty.buffer.ByteBuf;

/// A body on its way through a library. Its worker only.
final class CodedBody implements AutoCloseable {
  private final BodyCoder coder;
  private final Bytes bytes;
  private boolean over;

  /// Counts bytes.
  ///
  /// @param before as they came
  /// @param after as they went
  record Bytes(Counter before, Counter after) {}

  CodedBody(Coding coding, Bytes bytes) {
    this.coder = BodyCoder.of(coding);
    this.bytes = bytes;
  }

  /// Compresses a piece.
  ///
  /// @param data is let go of
  /// @return what goes on in its place
  ByteBuf code(ByteBuf data, boolean end) {
    if (over) {
      return data;
    }
    over = end;
    bytes.before.add(data.readableBytes());
    var out = data.alloc().directBuffer(Math.max(64, data.readableBytes() / 2));
    var in = direct(data);
    try {
      coder.code(in.nioBuffer(), out, end);
    } finally {
      in.release();
    }
    bytes.after.add(out.readableBytes());
    return out;
  }

  private static ByteBuf direct(ByteBuf data) {
    if (data.isDirect() && data.nioBufferCount() == 1) {
      return data;
    }
    var copy = data.alloc().directBuffer(Math.max(1, data.readableBytes()));
    copy.writeBytes(data);
    data.release();
    return copy;
  }

  @Override
  public void close() {
    coder.close();
  }
}
