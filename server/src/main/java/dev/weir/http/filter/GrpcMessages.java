package dev.weir.http.filter;

import io.netty.buffer.ByteBuf;

/// Counts the messages in a gRPC body: each has five bytes before it, of which the last four are
/// its length. One worker.
final class GrpcMessages {
  private static final int PREFIX = 5;

  private long count;
  private int prefix;
  private long length;

  /// A piece of the body, which is left as it is.
  void add(ByteBuf data) {
    int at = data.readerIndex();
    int end = data.writerIndex();
    while (at < end) {
      if (prefix == PREFIX) {
        int step = (int) Math.min(length, end - at);
        length -= step;
        at += step;
      } else {
        length = prefix == 0 ? 0 : length << 8 | data.getUnsignedByte(at);
        prefix++;
        at++;
        if (prefix == PREFIX) {
          count++;
        }
      }
      if (prefix == PREFIX && length == 0) {
        prefix = 0;
      }
    }
  }

  /// How many have begun.
  long count() {
    return count;
  }
}
