package dev.weir.listener;

import dev.weir.config.Address;
import dev.weir.config.ListenerConfig.Bind;
import dev.weir.config.ListenerConfig.ListenAddress;
import dev.weir.transport.EventLoops;
import dev.weir.transport.ListenSocket;
import dev.weir.transport.Sockets;
import dev.weir.transport.Transport;
import dev.weir.transport.Worker;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The sockets of one listener: one for each address and worker, or one for each address where
/// sockets cannot share it. Main loop only.
final class ListenSockets {
  private static final System.Logger LOG = System.getLogger("upstream");

  /// No socket at all.
  static final ListenSockets NONE = new ListenSockets();

  /// How many connections are accepted before other work of the worker has its turn.
  private static final int ACCEPTS_PER_EVENT = 64;

  private record Opened(ListenSocket socket, Worker worker, boolean shared) {}

  private final List<Opened> all = new ArrayList<>();
  private final List<Channel> channels = new ArrayList<>();

  private ListenSockets() {}

  /// Opens and binds all, or none.
  ///
  /// @throws IOException if one cannot be opened, with the text for the control plane
  static ListenSockets open(Bind bind, EventLoops loops) throws IOException {
    var sockets = new ListenSockets();
    if (bind.bindToPort()) {
      for (var address : bind.sockets()) {
        sockets.open(address, bind, loops);
      }
    }
    return sockets;
  }

  private void open(ListenAddress asked, Bind bind, EventLoops loops) throws IOException {
    boolean each =
        bind.reusePort()
            && asked.address() instanceof Address.Socket
            && loops.transport() != Transport.NIO;
    try {
      var next = asked;
      for (var worker : each ? loops.workers() : loops.workers().subList(0, 1)) {
        var socket = ListenSocket.open(loops.transport(), next, each, bind.backlog());
        all.add(new Opened(socket, worker, !each));
        next =
            new ListenAddress(
                socket.address(), asked.socket(), asked.mptcp()); // port 0 is chosen once
      }
    } catch (IOException | IllegalArgumentException e) {
      discard();
      throw new IOException("cannot bind '" + asked.address() + "': " + reason(e), e);
    }
  }

  /// Has them all listen.
  ///
  /// @throws IOException if one cannot, with the text for the control plane
  void listen() throws IOException {
    for (var opened : all) {
      try {
        opened.socket().listen();
      } catch (IOException e) {
        throw new IOException(
            "cannot listen on '" + opened.socket().address() + "': " + reason(e), e);
      }
    }
  }

  private static String reason(Exception e) {
    return Sockets.reason(e);
  }

  /// Where they are bound, with the real ports.
  List<Address> addresses() {
    return all.stream().map(opened -> opened.socket().address()).distinct().toList();
  }

  /// Begins to accept, where they listen. Once.
  ///
  /// @param shards the listener's parts, by worker
  void accept(List<ListenerShard> shards, Bind bind) {
    for (var opened : all) {
      var worker = opened.worker();
      boolean balanced = bind.accepting().balanced();
      var takers =
          opened.shared() || balanced ? shards : shards.subList(worker.index(), worker.index() + 1);
      var channel = opened.socket().newChannel();
      int most = bind.accepting().perEvent();
      most = most == 0 ? ACCEPTS_PER_EVENT : most;
      channel
          .config()
          .setRecvByteBufAllocator(
              new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(most));
      channel.pipeline().addLast(new AcceptHandler(worker, takers, balanced, channel));
      worker.loop().register(channel);
      channels.add(channel);
    }
  }

  /// Closes them, where they have not begun to accept.
  void discard() {
    all.forEach(opened -> opened.socket().close());
  }

  private List<Opened> at(Address address) {
    return all.stream().filter(opened -> opened.socket().address().equals(address)).toList();
  }

  /// Leaves new connections to others where those listen at the same addresses, one for one.
  ///
  /// @param generations how many generations of sockets, these among them, are older than the
  ///   others
  /// @return whether they do: what is on its way to these is to be waited for, before
  ///   [#closeBehind]
  boolean yieldTo(ListenSockets next, int generations) {
    boolean any = false;
    for (var address : addresses()) {
      any |= steer(next, address, generations, at(address).size());
    }
    return any;
  }

  /// Closes these, so that no connection comes to one that is about to close. The kernel puts the
  /// last of its sockets in the place of one that is closed: the place behind these is that of the
  /// first of the newest until all of them are in front of it, where it means any.
  ///
  /// @param next the newest
  /// @param generations how many are older than those, these the last of them
  void closeBehind(ListenSockets next, int generations) {
    for (var address : addresses()) {
      steer(next, address, generations, 1);
    }
    channels.forEach(channel -> await(List.of(closeIdle(channel))));
    if (generations == 1) {
      next.steerNoMore();
    }
  }

  private boolean steer(ListenSockets next, Address address, int generations, int count) {
    int size = at(address).size();
    var others = next.at(address);
    return size == others.size()
        && !others.getFirst().shared()
        && steer(others.getFirst().socket(), generations * size, count);
  }

  private void steerNoMore() {
    for (var address : addresses()) {
      try {
        at(address).getFirst().socket().steerNoMore();
      } catch (IOException _) {
        // They were not led.
      }
    }
  }

  private static boolean steer(ListenSocket socket, int first, int count) {
    try {
      socket.steer(first, count);
      return true;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "connections cannot be led to {0}: {1}", socket.address(), e);
      return false;
    }
  }

  /// Closes them all, and waits until that is done. What has come before is accepted first.
  void close() {
    if (channels.isEmpty()) {
      discard();
    } else {
      await(channels.stream().map(ListenSockets::closeIdle).toList());
    }
  }

  private static CompletableFuture<Void> closeIdle(Channel channel) {
    var done = new CompletableFuture<Void>();
    // By the second turn the loop has looked at what was in the queue before the first.
    var loop = channel.eventLoop();
    loop.execute(() -> loop.execute(() -> channel.close().addListener(_ -> done.complete(null))));
    return done;
  }

  private static void await(List<CompletableFuture<Void>> closed) {
    CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, 2, TimeUnit.SECONDS)
        .join();
  }
}
