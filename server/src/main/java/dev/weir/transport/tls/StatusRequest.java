package dev.weir.transport.tls;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// Whether a client asks for the OCSP response (RFC 6066, section 8). The library knows and does
/// not tell, so a copy of the ClientHello is kept until that matters. One connection's worker only.
final class StatusRequest {
  private static final int MOST = 64 * 1024;
  private static final int HANDSHAKE = 22;
  private static final int HELLO_AND_LENGTH = 4;
  private static final int VERSION_AND_RANDOM = 34;
  private static final int EXTENSION = 5;
  private static final byte OCSP = 1;

  private final ByteArrayOutputStream copy = new ByteArrayOutputStream(512);

  /// Bytes have come.
  void add(ByteBuf in) {
    int length = Math.min(in.readableBytes(), MOST - copy.size());
    var bytes = new byte[length];
    in.getBytes(in.readerIndex(), bytes);
    copy.writeBytes(bytes);
  }

  /// Whether what has come so far, which is a ClientHello to the library, asks.
  boolean asks() {
    try {
      return asks(hello(ByteBuffer.wrap(copy.toByteArray())));
    } catch (BufferUnderflowException | IllegalArgumentException _) {
      return false;
    }
  }

  /// What the records hold.
  private static ByteBuffer hello(ByteBuffer records) {
    var hello = ByteBuffer.allocate(records.remaining());
    while (records.remaining() > 5 && records.get() == HANDSHAKE) {
      records.getShort(); // version
      int length = Math.min(Short.toUnsignedInt(records.getShort()), records.remaining());
      hello.put(records.slice(records.position(), length));
      records.position(records.position() + length);
    }
    return hello.flip();
  }

  private static boolean asks(ByteBuffer hello) {
    skip(hello, HELLO_AND_LENGTH + VERSION_AND_RANDOM);
    skip(hello, Byte.toUnsignedInt(hello.get())); // session
    skip(hello, Short.toUnsignedInt(hello.getShort())); // ciphers
    skip(hello, Byte.toUnsignedInt(hello.get())); // compression
    hello.getShort(); // length of the extensions
    while (hello.hasRemaining()) {
      int type = Short.toUnsignedInt(hello.getShort());
      int length = Short.toUnsignedInt(hello.getShort());
      if (type == EXTENSION) {
        return length > 0 && hello.get() == OCSP;
      }
      skip(hello, length);
    }
    return false;
  }

  private static void skip(ByteBuffer hello, int bytes) {
    hello.position(hello.position() + bytes);
  }
}
