package dev.weir.listener.inspect;

import io.netty.buffer.Unpooled;
import java.util.Arrays;

/// What Jazzer throws at the ClientHello parser, and what the corpus test does.
public final class ClientHelloFuzz {
  private ClientHelloFuzz() {}

  /// The parser never throws, never moves the buffer's indexes, and never takes back what it said
  /// of fewer bytes.
  public static void fuzzerTestOneInput(byte[] bytes) {
    var buffer = Unpooled.wrappedBuffer(bytes);
    var whole = ClientHello.parse(buffer, true);
    check(buffer.readableBytes() == bytes.length, "the indexes have moved");
    if (whole instanceof ClientHello.Complete hello) {
      check(hello.length() <= bytes.length, "longer than what there is");
      var shape = hello.shape();
      if (shape != null) {
        check(shape.ja3().length() == 32, "no MD5");
        check(shape.ja4(hello.applicationProtocols()).length() == 36, "no JA4");
      }
    }
    if (bytes.length > 0) {
      int cut = bytes.length * (bytes[bytes.length - 1] & 0xff) / 256;
      var part = ClientHello.parse(Unpooled.wrappedBuffer(Arrays.copyOf(bytes, cut)), true);
      check(
          part instanceof ClientHello.Incomplete || part.equals(whole),
          "more bytes have changed what was known: " + part + ", " + whole);
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
