package dev.weir.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Netty's epoll, with an [EpollGate] before each socket: it keeps sockets in the epoll set that
/// wait for nothing, and lets a [Splice] have their events. Its event loop only.
final class LastingEpoll implements IoHandler {
  private final IoHandler epoll;
  private final IntObjectHashMap<EpollGate> gates = new IntObjectHashMap<>();
  private final Pipes pipes = new Pipes();

  private LastingEpoll(IoHandler epoll) {
    this.epoll = epoll;
  }

  /// Makes the handlers of a group of event loops, and finds them again. Any thread.
  static final class Factory implements IoHandlerFactory {
    private final IoHandlerFactory epoll = EpollIoHandler.newFactory();
    private final Map<ThreadAwareExecutor, LastingEpoll> made = new ConcurrentHashMap<>();

    @Override
    public IoHandler newHandler(ThreadAwareExecutor loop) {
      var handler = new LastingEpoll(epoll.newHandler(loop));
      made.put(loop, handler);
      return handler;
    }

    @Override
    public boolean isChangingThreadSupported() {
      return false;
    }

    /// The handler of an event loop that this factory made one for.
    @Nullable LastingEpoll of(ThreadAwareExecutor loop) {
      return made.get(loop);
    }
  }

  /// What stands between the loop and a channel of its; null if the channel is of another kind.
  @Nullable EpollGate gate(Channel channel) {
    return channel instanceof UnixChannel unix ? gates.get(unix.fd().intValue()) : null;
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    var socket = (EpollIoHandle) handle;
    var gate = new EpollGate(socket, this);
    gate.registered(epoll.register(gate));
    gates.put(socket.fd().intValue(), gate);
    return gate;
  }

  /// A socket leaves the loop.
  void forget(EpollGate gate) {
    int fd = gate.fd().intValue();
    if (gates.get(fd) == gate) {
      gates.remove(fd);
    }
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return epoll.run(context);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  /// Pipes for splicing.
  Pipes pipes() {
    return pipes;
  }

  @Override
  public void destroy() {
    pipes.close();
    epoll.destroy();
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return epoll.isCompatible(handleType);
  }
}
