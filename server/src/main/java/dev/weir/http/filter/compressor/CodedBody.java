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
    this(BodyCoder.of(coding), bytes);
  }

  CodedBody(BodyCoder coder, Bytes bytes) {
    this.coder = coder;
    this.bytes = bytes;
  }

  /// Compresses a piece. After the last piece, and after [#close], pieces pass as they are.
  ///
  /// @param data is let go of
  /// @return what goes on in its place
  ByteBuf code(ByteBuf data, boolean end) {
    if (over) {
      return data;
    }
    over = end;
    bytes.before.add(data.readableBytes());
    var in = direct(data);
    var out = in.alloc().directBuffer(Math.max(64, in.readableBytes() / 2));
    boolean whole = false;
    try {
      coder.code(in.nioBuffer(), out, end);
      whole = true;
    } finally {
      in.release();
      if (!whole) {
        out.release();
      }
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
    over = true; // the libraries write to freed memory else
    coder.close();
  }
}
