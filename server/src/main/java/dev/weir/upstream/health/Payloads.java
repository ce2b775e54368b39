package dev.weir.upstream.health;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// Bytes that are sent again and again.
final class Payloads {
  private Payloads() {}

  /// A buffer that nobody can release or change; each sending takes a duplicate.
  static ByteBuf constant(byte[] bytes) {
    return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes).asReadOnly());
  }
}
