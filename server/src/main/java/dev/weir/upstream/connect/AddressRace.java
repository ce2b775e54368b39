package dev.weir.upstream.connect;

import dev.weir.config.Address;
import dev.weir.config.ClusterConfig.FirstFamily;
import dev.weir.config.ClusterConfig.HappyEyeballs;
import dev.weir.transport.Sockets;
import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Tries the addresses of one host until a connection stands: the next one as soon as one has
/// failed, or has not answered for a while (RFC 8305, "Happy Eyeballs"). Its worker only.
final class AddressRace extends TimerWheel.Node implements ChannelFutureListener {
  /// The "connection attempt delay".
  private static final long STAGGER_MILLIS = 300;

  private final Worker worker;
  private final Runner runner;
  private final Judge judge;
  private final Iterator<SocketAddress> waiting;
  private final List<Channel> running = new ArrayList<>(2);

  /// Connects to an address.
  interface Runner {
    /// Opens a channel.
    ///
    /// @throws ChannelException if there is no socket to be had
    Channel open(SocketAddress address);

    /// Lets it connect, which may fail before this returns.
    void connect(Channel channel, SocketAddress address, ChannelFutureListener outcome);
  }

  /// Who wants to know how the race ends.
  interface Judge {
    /// This connection stands; all others are closed.
    void won(Channel channel);

    /// All addresses have failed, the last one with this.
    void lost(Throwable failure);
  }

  AddressRace(Worker worker, List<Address> order, Runner runner, Judge judge) {
    this.worker = worker;
    this.waiting = order.stream().map(Sockets::address).iterator();
    this.runner = runner;
    this.judge = judge;
  }

  /// In which order addresses are tried: versions take turns, beginning with so many of the first.
  static List<Address> order(List<Address> addresses, HappyEyeballs config) {
    var first = new ArrayList<Address>();
    var others = new ArrayList<Address>();
    boolean ipv6First =
        config.first() == FirstFamily.DEFAULT
            ? isIpv6(addresses.getFirst())
            : config.first() == FirstFamily.V6;
    for (var address : addresses) {
      (isIpv6(address) == ipv6First ? first : others).add(address);
    }
    var order = new ArrayList<Address>(addresses.size());
    int count = config.firstCount();
    for (int i = 0, j = 0; i < first.size() || j < others.size(); j++) {
      int until = Math.min(first.size(), i + count);
      order.addAll(first.subList(i, until));
      i = until;
      if (j < others.size()) {
        order.add(others.get(j));
      }
    }
    return order;
  }

  private static boolean isIpv6(Address address) {
    return address instanceof Address.Socket socket && socket.isIpv6();
  }

  /// Begins. The race may be over before this returns.
  void start() {
    next();
  }

  private void next() {
    var address = waiting.next();
    worker.timers().arm(this, waiting.hasNext() ? worker.now() + STAGGER_MILLIS : TimerWheel.NEVER);
    Channel channel;
    try {
      channel = runner.open(address);
    } catch (ChannelException e) {
      lose(e);
      return;
    }
    running.add(channel);
    runner.connect(channel, address, this);
  }

  @Override
  protected void fire() {
    next();
  }

  @Override
  public void operationComplete(ChannelFuture connected) {
    var channel = connected.channel();
    if (!running.remove(channel)) {
      return; // given up before
    }
    if (connected.isSuccess()) {
      cancel();
      judge.won(channel);
    } else {
      channel.close();
      lose(connected.cause());
    }
  }

  private void lose(Throwable failure) {
    if (waiting.hasNext()) {
      next();
    } else if (running.isEmpty()) {
      judge.lost(failure);
    }
  }

  /// Gives up all that are under way.
  void cancel() {
    worker.timers().disarm(this);
    var losers = List.copyOf(running);
    running.clear();
    losers.forEach(Channel::close);
  }
}
