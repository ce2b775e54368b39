package dev.weir.http.codec;

import dev.weir.config.http.Http2Config.FloodLimits;
import dev.weir.transport.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/// Looks at the heads of the frames that a client sends, before they are decoded: how many there
/// are of those that cost it nothing, and since when the head of a request is not whole. Its
/// connection's worker only.
final class FrameWatch extends ChannelInboundHandlerAdapter {
  static final long NEVER = Long.MAX_VALUE;

  private static final int PREFACE = 24;
  private static final int HEAD = 9;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int PRIORITY = 2;
  private static final int RST_STREAM = 3;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final Http2Handler handler;
  private final OutboundFrames outbound;
  private final FloodLimits limits;
  private final Worker worker;
  private int skip = PREFACE;
  private int known;
  private int length;
  private int type;
  private int flags;
  private long headersSince = NEVER;
  private long streams;
  private long dataSent;
  private long priorities;
  private long windowUpdates;
  private int empty;
  private double resets;
  private long resetsAt;

  FrameWatch(Http2Handler handler, OutboundFrames outbound, FloodLimits limits, Worker worker) {
    this.handler = handler;
    this.outbound = outbound;
    this.limits = limits;
    this.worker = worker;
    this.resets = (double) limits.resets().burst();
    this.resetsAt = worker.now();
  }

  /// Since when part of a request's head has come, and not yet all of it.
  long headersSince() {
    return headersSince;
  }

  /// Nobody waits for the rest of a head any more.
  void headEnded() {
    headersSince = NEVER;
  }

  /// A DATA frame goes to the client, which it may answer by a few WINDOW_UPDATEs.
  void dataSent() {
    dataSent++;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var bytes = (ByteBuf) message;
    if (handler.isFailed()) {
      bytes.release();
      return;
    }
    var flood = scan(bytes);
    if (flood == null) {
      flood = unread(ctx);
    }
    if (flood == null) {
      ctx.fireChannelRead(bytes);
    } else {
      bytes.release();
      handler.onFlood(flood);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    var flood = handler.isFailed() ? null : unread(ctx);
    if (flood != null) {
      handler.onFlood(flood);
    }
  }

  /// Whether the client leaves too much of what it has caused unread.
  private @Nullable Flood unread(ChannelHandlerContext ctx) {
    if (outbound.flood() == null) {
      return null;
    }
    ctx.flush(); // perhaps it takes it
    return outbound.flood();
  }

  private @Nullable Flood scan(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      int skipped = Math.min(skip, end - at);
      skip -= skipped;
      at += skipped;
      while (at < end && known < HEAD) {
        take(bytes.getUnsignedByte(at++));
      }
      if (known == HEAD) {
        known = 0;
        skip = length;
        var flood = frame();
        if (flood != null) {
          return flood;
        }
      }
    }
    return null;
  }

  private void take(int octet) {
    if (known == 0) {
      length = 0;
    }
    if (known < 3) {
      length = (length << 8) | octet;
    } else if (known == 3) {
      type = octet;
    } else if (known == 4) {
      flags = octet;
    }
    known++;
  }

  private @Nullable Flood frame() {
    return switch (type) {
      case DATA -> empty(END_STREAM);
      case HEADERS -> {
        streams++;
        head();
        yield empty(END_STREAM);
      }
      case CONTINUATION -> {
        head();
        yield empty(END_HEADERS);
      }
      case PRIORITY ->
          ++priorities > limits.prioritiesPerStream() * (1 + streams) ? Flood.PRIORITY : null;
      case WINDOW_UPDATE ->
          ++windowUpdates > 5 + 2 * (streams + limits.windowUpdatesPerData() * dataSent)
              ? Flood.WINDOW_UPDATE
              : null;
      case RST_STREAM -> reset();
      default -> null;
    };
  }

  private void head() {
    headersSince = (flags & END_HEADERS) != 0 ? NEVER : Math.min(headersSince, worker.now());
  }

  /// @param meaning the flag that gives sense to a frame without content
  private @Nullable Flood empty(int meaning) {
    empty = length == 0 && (flags & meaning) == 0 ? empty + 1 : 0;
    return limits.emptyFrames() > 0 && empty > limits.emptyFrames() ? Flood.EMPTY : null;
  }

  private @Nullable Flood reset() {
    long now = worker.now();
    resets =
        Math.min(
            (double) limits.resets().burst(),
            resets + (now - resetsAt) * limits.resets().rate() / 1000.0);
    resetsAt = now;
    if (resets < 1) {
      return Flood.RESET;
    }
    resets--;
    return null;
  }
}
