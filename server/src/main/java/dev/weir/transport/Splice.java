package dev.weir.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.Native;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Moves what one socket receives to another through a pipe, so that the bytes never leave the
/// kernel (`splice(2)`). One direction of a relay, while it carries much. Its worker only.
///
/// It knows only how to move. Whatever else there is to see, the end of the stream, a failure, a
/// peer that does not take what it is sent, or a direction that has become chatty, it leaves: what
/// the pipe holds is handed over, and the channels, which were only passed by, go on.
public final class Splice extends TimerWheel.Node {
  /// How much at most in one call. The pipe's slots bound it before that, by pages not by bytes.
  private static final int CHUNK = 1 << 20;

  /// How many calls before others have their turn.
  private static final int CALLS = 8;

  /// A turn that moves less is not worth a splice.
  private static final int LITTLE = 16 * 1024;

  private static final int LITTLE_TURNS = 16;

  /// How long the sink may take nothing, in milliseconds.
  private static final long STALL = 200;

  private final Worker worker;
  private final Pipes pipes;
  private final EpollGate source;
  private final EpollGate sink;
  private final Channel sinkChannel;
  private final Owner owner;
  private final int chunk;
  private Pipes.@Nullable Pipe pipe;
  private int held;
  private int littleTurns;
  private boolean active;
  private boolean blocked;

  /// Whose bytes are moved.
  public interface Owner {
    /// A turn has ended.
    ///
    /// @param read how many bytes have left the source
    void onSpliced(int read);

    /// The splice has left, and the channels are as they were.
    ///
    /// @param rest what was read and is not written yet, to be released by the callee; null for
    ///   nothing
    void onSpliceLeft(@Nullable ByteBuf rest);

    /// The source or the sink has failed; the splice has left, and what it held is lost.
    ///
    /// @param writing whether it was the sink
    void onSpliceFailed(boolean writing, IOException cause);
  }

  private Splice(
      Worker worker,
      LastingEpoll epoll,
      EpollGate source,
      EpollGate sink,
      Channel to,
      Owner owner) {
    this.worker = worker;
    this.pipes = epoll.pipes();
    this.source = source;
    this.sink = sink;
    this.sinkChannel = to;
    this.owner = owner;
    this.chunk = Math.min(CHUNK, to.config().getWriteBufferHighWaterMark());
  }

  /// What could move the bytes of one channel to another; null where these two are not of the kind,
  /// or somebody has to look at the bytes.
  public static @Nullable Splice between(Worker worker, Channel source, Channel sink, Owner owner) {
    var epoll = worker.epoll();
    if (epoll == null || !isPlain(source) || !isPlain(sink)) {
      return null;
    }
    var from = epoll.gate(source);
    var to = epoll.gate(sink);
    return from == null || to == null ? null : new Splice(worker, epoll, from, to, sink, owner);
  }

  private static boolean isPlain(Channel channel) {
    return channel instanceof EpollSocketChannel
        && channel.pipeline().get(TransportHandler.class) == null;
  }

  /// Takes over. The source is not being read, and the sink has nothing left to write.
  public void begin() {
    active = true;
    blocked = false;
    littleTurns = 0;
    source.input(this);
    sink.output(this);
  }

  /// Whether it has taken over.
  public boolean isActive() {
    return active;
  }

  /// How many bytes are between the sockets.
  public int held() {
    return held;
  }

  boolean wantsInput() {
    return active && !blocked;
  }

  boolean wantsRoom() {
    return active && blocked;
  }

  /// The source has something, or has ended.
  void readable() {
    turn(true);
  }

  /// The sink takes something again.
  void writable() {
    if (blocked) {
      turn(false);
    }
  }

  private void turn(boolean sourceReady) {
    int read = 0;
    int written = 0;
    boolean reading = true;
    try {
      for (int calls = 0; calls < CALLS; calls++) {
        if (held == 0) {
          reading = true;
          int got = fill();
          if (got == 0) {
            break;
          }
          read += got;
        }
        reading = false;
        int put = drain();
        if (put == 0) {
          break;
        }
        written += put;
      }
    } catch (IOException e) {
      stop();
      discard();
      owner.onSpliced(read);
      owner.onSpliceFailed(!reading, e);
      return;
    }
    owner.onSpliced(read);
    if (active) { // the owner may have closed it
      settle(sourceReady && read == 0, read, written);
    }
  }

  private int fill() throws IOException {
    if (pipe == null) {
      pipe = pipes.take();
    }
    held = Native.splice(source.fd().intValue(), -1, pipe.in().intValue(), -1, chunk);
    return held;
  }

  private int drain() throws IOException {
    if (pipe == null) {
      throw new IllegalStateException();
    }
    int put = Native.splice(pipe.out().intValue(), -1, sink.fd().intValue(), -1, held);
    held -= put;
    return put;
  }

  /// @param empty whether the source was said to have something, and had nothing: it has ended, or
  ///   it was a false alarm; copying finds out
  private void settle(boolean empty, int read, int written) {
    if (held > 0) {
      block(written > 0);
      return;
    }
    unblock();
    littleTurns = read >= LITTLE ? 0 : littleTurns + 1;
    if (empty || littleTurns > LITTLE_TURNS) {
      leave();
    } else {
      giveBack();
    }
  }

  private void block(boolean progress) {
    if (progress || !blocked) {
      worker.timers().arm(this, worker.now() + STALL);
    }
    if (!blocked) {
      blocked = true;
      source.update();
      sink.update();
    }
  }

  private void unblock() {
    if (blocked) {
      blocked = false;
      source.update();
      sink.update();
      worker.timers().disarm(this);
    }
  }

  /// The sink has taken nothing for too long: a buffer is a better place to wait than a pipe.
  @Override
  protected void fire() {
    leave();
  }

  /// Gives the sockets back to their channels.
  void leave() {
    stop();
    var rest = held == 0 ? null : takeRest();
    giveBack();
    owner.onSpliceLeft(rest);
  }

  private ByteBuf takeRest() {
    if (pipe == null) {
      throw new IllegalStateException();
    }
    var rest = sinkChannel.alloc().directBuffer(held);
    try {
      while (held > 0) {
        int got = pipe.out().readAddress(rest.memoryAddress(), rest.writerIndex(), rest.capacity());
        if (got <= 0) {
          throw new IOException("a pipe holds less than was put into it");
        }
        rest.writerIndex(rest.writerIndex() + got);
        held -= got;
      }
      return rest;
    } catch (IOException e) {
      rest.release();
      throw new IllegalStateException(e);
    }
  }

  /// The relay ends: lets go of everything, whatever is in the pipe. Without effect if it has not
  /// taken over.
  public void close() {
    if (active) {
      stop();
      discard();
    }
  }

  private void stop() {
    active = false;
    blocked = false;
    source.input(null);
    sink.output(null);
    worker.timers().disarm(this);
  }

  private void giveBack() {
    if (pipe != null) {
      pipes.give(pipe);
      pipe = null;
    }
  }

  private void discard() {
    if (pipe != null) {
      if (held == 0) {
        pipes.give(pipe);
      } else {
        pipe.close();
        held = 0;
      }
      pipe = null;
    }
  }
}
