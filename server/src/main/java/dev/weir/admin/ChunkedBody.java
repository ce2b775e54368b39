package dev.weir.admin;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.ClosedChannelException;

/// Writes a body in pieces, no faster than the client reads: a page of any size takes a few
/// kilobytes. Used by the thread that renders, never by the channel's loop.
final class ChunkedBody extends Writer {
  private static final int CHUNK = 16 * 1024;

  private final Channel channel;
  private final boolean headOnly;
  private final StringBuilder pending = new StringBuilder(CHUNK + 1024);

  private long written;

  /// @param headOnly whether the client wants to know no more than how long it would be
  ChunkedBody(Channel channel, boolean headOnly) {
    this.channel = channel;
    this.headOnly = headOnly;
  }

  /// How many bytes it has so far.
  long bytes() {
    return written;
  }

  @Override
  public void write(char[] text, int start, int length) throws IOException {
    pending.append(text, start, length);
    sendIfFull();
  }

  @Override
  public void write(String text, int start, int length) throws IOException {
    pending.append(text, start, start + length);
    sendIfFull();
  }

  @Override
  public void write(int c) throws IOException {
    pending.append((char) c);
    sendIfFull();
  }

  private void sendIfFull() throws IOException {
    if (pending.length() >= CHUNK) {
      flush();
    }
  }

  /// Sends what is left.
  @Override
  public void flush() throws IOException {
    if (pending.isEmpty()) {
      return;
    }
    var bytes = channel.alloc().buffer(ByteBufUtil.utf8MaxBytes(pending));
    ByteBufUtil.writeUtf8(bytes, pending);
    pending.setLength(0);
    written += bytes.readableBytes();
    if (headOnly) {
      bytes.release();
      return;
    }
    var sent = channel.writeAndFlush(new DefaultHttpContent(bytes));
    if (!channel.isWritable()) {
      sent.awaitUninterruptibly();
    }
    if (!channel.isActive()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
