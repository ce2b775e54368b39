package dev.weir.listener.inspect;

import io.netty.buffer.Unpooled;
import java.util.Arrays;

/// What Jazzer throws at the parser of PROXY headers, and what the corpus test does.
public final class ProxyHeaderFuzz {
  private ProxyHeaderFuzz() {}

  /// The parser never throws, never moves the buffer's indexes, and never takes back that a header
  /// is whole.
  public static void fuzzerTestOneInput(byte[] bytes) {
    var buffer = Unpooled.wrappedBuffer(bytes);
    var whole = ProxyHeader.parse(buffer);
    check(buffer.readableBytes() == bytes.length, "the indexes have moved");
    if (whole instanceof ProxyHeader.Complete header) {
      check(header.length() > 0 && header.length() <= bytes.length, "a length of nobody's");
      check(ProxyHeader.mayBegin(buffer, header.version()), "begins otherwise");
      var alone = ProxyHeader.parse(Unpooled.wrappedBuffer(Arrays.copyOf(bytes, header.length())));
      check(whole.equals(alone), "what follows has changed the header");
      var cut =
          ProxyHeader.parse(Unpooled.wrappedBuffer(Arrays.copyOf(bytes, header.length() - 1)));
      check(!(cut instanceof ProxyHeader.Complete), "whole without its last byte");
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
