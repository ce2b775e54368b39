package dev.weir.transport;

import io.netty.channel.IoEvent;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/// Stands between the loop and the channel of one socket. Its event loop only.
///
/// It does two things. A [Splice] may take over the socket's input, or wait for room in its output;
/// then the events go there, and the channel hears nothing of them. And a socket that waits for
/// nothing stays in the epoll set, edge-triggered and without events of its own, so that a hang-up
/// wakes the loop once and not for ever. Since https://github.com/netty/netty/pull/16689 Netty
/// takes such a socket out of the set, and cannot put it back: the next read or full send buffer
/// fails with ENOENT. It would happen to every channel that is not being read when its peer sends a
/// FIN.
@SuppressWarnings("try") // closing throws what the channel throws
final class EpollGate implements EpollIoHandle, IoRegistration {
  private static final int INPUT = Native.EPOLLIN | Native.EPOLLRDHUP;

  /// Of `epoll_ctl(2)`: both directions are over. It is reported whether asked for or not.
  private static final int EPOLLHUP = 0x10;

  private static final int OVER = Native.EPOLLERR | EPOLLHUP;

  private final EpollIoHandle channel;
  private final LastingEpoll loop;
  private @Nullable IoRegistration registration;
  private @Nullable Splice input;
  private @Nullable Splice output;
  private int asked;
  private int submitted;

  EpollGate(EpollIoHandle channel, LastingEpoll loop) {
    this.channel = channel;
    this.loop = loop;
  }

  /// The loop knows the socket now.
  void registered(IoRegistration with) {
    registration = with;
  }

  /// Takes over what the socket receives, or gives it back to the channel.
  void input(@Nullable Splice taker) {
    input = taker;
    update();
  }

  /// Hears when there is room in the socket's send buffer, or no more.
  void output(@Nullable Splice taker) {
    output = taker;
    update();
  }

  /// What a splice waits for has changed.
  void update() {
    int ops = asked;
    if (input != null) {
      ops = input.wantsInput() ? ops | INPUT : ops & ~INPUT;
    }
    if (output != null && output.wantsRoom()) {
      ops |= Native.EPOLLOUT;
    }
    if (ops == 0) {
      ops = Native.EPOLLET;
    }
    if (ops != submitted && registration != null && registration.isValid()) {
      submitted = ops;
      registration.submit(EpollIoOps.valueOf(ops));
    }
  }

  /// The channel says what it waits for.
  @Override
  public long submit(IoOps ops) {
    asked = ((EpollIoOps) ops).value();
    submitted = 0; // the channel may count on its being done
    update();
    return isValid() ? submitted : -1;
  }

  @Override
  public void handle(IoRegistration from, IoEvent event) {
    int ops = ((EpollIoEvent) event).ops().value();
    var reader = input;
    if (reader != null && (ops & (INPUT | OVER)) != 0) {
      if ((ops & OVER) != 0) {
        reader.leave(); // the channel finds out what is wrong
      } else {
        reader.readable();
        ops &= ~INPUT;
      }
    }
    var writer = output;
    if (writer != null && (ops & Native.EPOLLOUT) != 0) {
      writer.writable();
      ops &= asked | ~Native.EPOLLOUT;
    }
    if (reader == null && writer == null) {
      channel.handle(from, event);
    } else if (ops != 0) {
      channel.handle(from, new Remaining(EpollIoOps.valueOf(ops)));
    }
  }

  /// What of an event is left for the channel.
  private record Remaining(EpollIoOps ops) implements EpollIoEvent {}

  @Override
  public FileDescriptor fd() {
    return channel.fd();
  }

  @Override
  public void registered() {
    channel.registered();
  }

  @Override
  public void unregistered() {
    loop.forget(this);
    channel.unregistered();
  }

  @Override
  public void close() throws Exception {
    channel.close();
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // as Netty has it
  public <T> T attachment() {
    return known().attachment();
  }

  @Override
  public boolean isValid() {
    return known().isValid();
  }

  @Override
  public boolean cancel() {
    loop.forget(this); // the number of its descriptor may belong to another soon
    return known().cancel();
  }

  private IoRegistration known() {
    if (registration == null) {
      throw new IllegalStateException("not registered");
    }
    return registration;
  }
}
