package dev.weir.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.concurrent.TimeUnit;

/// Netty's io_uring, where a channel that waits for room to write is told of it also when its peer
/// is done sending.
///
/// The kernel answers every poll of a socket with `POLLRDHUP` at once from then on, whatever was
/// asked for. Netty (4.2.18) takes it for the answer to another poll and goes on waiting, for ever.
/// As a poll is of no use there, the channel tries to write from time to time. Its event loop only.
final class UringLoop implements IoHandler {
  private final IoHandler uring;
  private final EventLoop loop;

  UringLoop(ThreadAwareExecutor loop) {
    this.uring = IoUringIoHandler.newFactory().newHandler(loop);
    this.loop = (EventLoop) loop;
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return uring.register(new Socket((IoUringIoHandle) handle));
  }

  /// What stands between the loop and a channel.
  @SuppressWarnings("try") // closing throws what the channel throws
  private final class Socket implements IoUringIoHandle {
    // Of io_uring_enter(2) and poll(2).
    private static final byte POLL_ADD = 6;
    private static final int POLLOUT = 0x4;
    private static final int POLLRDHUP = 0x2000;

    private static final long SHORTEST_PAUSE = 4;
    private static final long LONGEST_PAUSE = 512;

    private final IoUringIoHandle channel;
    private boolean peerDone;
    private long pause = SHORTEST_PAUSE;

    Socket(IoUringIoHandle channel) {
      this.channel = channel;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      var completed = (IoUringIoEvent) event;
      if (completed.opcode() != POLL_ADD) {
        if (completed.res() > 0) {
          pause = SHORTEST_PAUSE;
        }
      } else if (completed.res() == POLLRDHUP) {
        if (peerDone) { // told once already: this answers a poll for room
          tryLater(registration);
          return;
        }
        peerDone = true;
      }
      channel.handle(registration, event);
    }

    private void tryLater(IoRegistration registration) {
      var room = new IoUringIoEvent(POLLOUT, 0, POLL_ADD, 0L);
      loop.schedule(() -> channel.handle(registration, room), pause, TimeUnit.MILLISECONDS);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }

    @Override
    public void registered() {
      channel.registered();
    }

    @Override
    public void unregistered() {
      channel.unregistered();
    }

    @Override
    public void close() throws Exception {
      channel.close();
    }
  }

  @Override
  public void initialize() {
    uring.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return uring.run(context);
  }

  @Override
  public void prepareToDestroy() {
    uring.prepareToDestroy();
  }

  @Override
  public void destroy() {
    uring.destroy();
  }

  @Override
  public void wakeup() {
    uring.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return uring.isCompatible(handleType);
  }
}
