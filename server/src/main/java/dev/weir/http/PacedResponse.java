package dev.weir.http;

import dev.weir.transport.TimerWheel;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Holds the body of a response back, so that it passes at a limited speed: in slices of a
/// twentieth of a second each, of which a second's worth may pass at once after a pause. Its
/// connection's worker only.
final class PacedResponse extends TimerWheel.Node {
  private static final int SLICES_PER_SECOND = 20;
  private static final double SLICES_PER_NANO = SLICES_PER_SECOND / 1e9;

  private final HttpStream stream;
  private final long slice;
  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
  private long bytes;
  private double tokens = 1;
  private long filled;
  private boolean begun;
  private boolean ends;
  private boolean full;
  private @Nullable Http2Headers trailers;

  /// @param bytesPerSecond more than 0
  PacedResponse(HttpStream stream, long bytesPerSecond) {
    this.stream = stream;
    this.slice = Math.max(1, bytesPerSecond / SLICES_PER_SECOND);
  }

  /// Whether so much is held that no more should come.
  boolean isFull() {
    return full;
  }

  /// @param data is owned here
  void add(ByteBuf data, boolean end) {
    bytes += data.readableBytes();
    held.add(data);
    ends |= end;
    if (!isArmed()) {
      pass();
    }
  }

  /// What ends the response.
  ///
  /// @param data the last of the body; is owned here
  void add(ByteBuf data, Http2Headers trailers) {
    this.trailers = trailers;
    add(data, false);
  }

  @Override
  protected void fire() {
    stream.touch();
    pass();
    if (!stream.isOver()) {
      stream.flushResponse();
    }
  }

  private void pass() {
    fill();
    long wanted = Math.ceilDiv(bytes, slice);
    long slices = Math.min(wanted, (long) tokens);
    tokens -= slices;
    write(Math.min(bytes, slices * slice));
    if (stream.isOver()) {
      return;
    }
    if (bytes > 0) {
      var worker = stream.connection().worker();
      long nanos = (long) Math.max(0, (1 - tokens) / SLICES_PER_NANO);
      worker.timers().arm(this, worker.now() + nanos / 1_000_000 + 1);
    } else if (trailers != null) {
      stream.writeTrailers(trailers);
      return;
    }
    mark(bytes > stream.connection().bufferLimit());
  }

  private void fill() {
    long now = System.nanoTime();
    if (begun) {
      tokens = Math.min(SLICES_PER_SECOND, tokens + (now - filled) * SLICES_PER_NANO);
    }
    begun = true;
    filled = now;
  }

  private void write(long count) {
    long left = count;
    boolean last = left == bytes && ends;
    bytes -= left;
    while (!held.isEmpty() && !stream.isOver()) {
      var head = held.element();
      if (head.readableBytes() > left) {
        if (left > 0) {
          stream.writeData(head.readRetainedSlice((int) left), false);
        }
        return;
      }
      held.remove();
      left -= head.readableBytes();
      stream.writeData(head, last && held.isEmpty());
    }
  }

  private void mark(boolean wanted) {
    if (full != wanted) {
      full = wanted;
      stream.pacedFull(wanted);
    }
  }

  /// Lets go of what is held.
  void discard() {
    stream.connection().worker().timers().disarm(this);
    held.forEach(ByteBuf::release);
    held.clear();
    bytes = 0;
  }
}
