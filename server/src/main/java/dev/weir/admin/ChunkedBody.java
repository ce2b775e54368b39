package dev.weir.admin;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/// Writes a body in pieces, no faster than the client reads: a page of any size takes a few
/// kilobytes. Used by the thread that renders, never by the channel's loop.
final class ChunkedBody implements Appendable {
  private static final int CHUNK = 16 * 1024;

  private final Channel channel;
  private final StringBuilder pending = new StringBuilder(CHUNK + 1024);

  ChunkedBody(Channel channel) {
    this.channel = channel;
  }

  @Override
  public Appendable append(@Nullable CharSequence text) throws IOException {
    pending.append(text);
    return sendIfFull();
  }

  @Override
  public Appendable append(@Nullable CharSequence text, int start, int end) throws IOException {
    pending.append(text, start, end);
    return sendIfFull();
  }

  @Override
  public Appendable append(char c) throws IOException {
    pending.append(c);
    return sendIfFull();
  }

  /// Sends what is left.
  void flush() throws IOException {
    if (pending.isEmpty()) {
      return;
    }
    var bytes = channel.alloc().buffer(ByteBufUtil.utf8MaxBytes(pending));
    ByteBufUtil.writeUtf8(bytes, pending);
    pending.setLength(0);
    var written = channel.writeAndFlush(new DefaultHttpContent(bytes));
    if (!channel.isWritable()) {
      written.awaitUninterruptibly();
    }
    if (!channel.isActive()) {
      throw new ClosedChannelException();
    }
  }

  private ChunkedBody sendIfFull() throws IOException {
    if (pending.length() >= CHUNK) {
      flush();
    }
    return this;
  }
}
