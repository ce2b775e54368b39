package dev.weir.listener;

import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerFilterConfig;
import dev.weir.config.ListenerLimits;
import dev.weir.config.ListenerLimits.WhenFull;
import dev.weir.config.ProxyProtocolConfig;
import dev.weir.connection.ConnectionInfo;
import dev.weir.transport.Sockets;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.net.SocketAddress;

/// Lets connections in as long as there are not too many. One for each generation of a listener;
/// what is counted outlives it. Any worker.
final class Gate {
  private final Quota quota;
  private final GlobalLimit global;
  private final ListenerLimits limits;
  private final long max;
  private final boolean globally;
  private final boolean knowsLater;
  private final ListenerStats stats;
  private final ChannelFutureListener leave;

  Gate(ListenerConfig config, Quota quota, GlobalLimit global, ListenerStats stats) {
    this.quota = quota;
    this.global = global;
    this.limits = config.limits();
    this.max = Math.min(limits.connections(), global.ofListener(config.name()));
    this.globally = global.isLimited() && !config.report().ignoreGlobalLimit();
    this.knowsLater = config.inspection().filters().stream().anyMatch(Gate::tellsSource);
    this.stats = stats;
    this.leave = _ -> left();
  }

  private static boolean tellsSource(ListenerFilterConfig filter) {
    return switch (filter) {
      case ProxyProtocolConfig _ -> true;
      case ListenerFilterConfig.Discovered it ->
          it.mayBe("envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol");
      case ListenerFilterConfig.Unless(var inner, _) -> tellsSource(inner);
      default -> false;
    };
  }

  private void left() {
    quota.leave();
    if (globally) {
      global.leave();
    }
  }

  /// A connection was accepted: counts it in until it is closed, or closes it.
  ///
  /// @param channel of no event loop yet
  boolean admits(Channel channel) {
    if (globally && !global.enter()) {
      stats.globalOverflows.increment();
      turnAway(channel);
      return false;
    }
    if (!quota.enter(max)) {
      if (globally) {
        global.leave();
      }
      stats.overflows.increment();
      turnAway(channel);
      return false;
    }
    channel.closeFuture().addListener(leave);
    return knowsLater || admits(channel, channel.remoteAddress());
  }

  /// It is known where a connection comes from: counts it in until it is closed, or closes it.
  boolean admitsLater(Channel channel, SocketAddress source) {
    return !knowsLater || admits(channel, source);
  }

  private boolean admits(Channel channel, SocketAddress source) {
    var ip = ConnectionInfo.ip(source);
    if (limits.perSource() == ListenerLimits.UNLIMITED || ip == null) {
      return true;
    }
    if (!quota.enter(ip, limits.perSource())) {
      stats.sourceOverflows.increment();
      if (!channel.isRegistered()) {
        left();
        channel.closeFuture().removeListener(leave);
      }
      turnAway(channel);
      return false;
    }
    channel.closeFuture().addListener(_ -> quota.leave(ip));
    return true;
  }

  private void turnAway(Channel channel) {
    if (limits.whenFull() == WhenFull.RESET) {
      Sockets.resetOnClose(channel);
    }
    if (channel.isRegistered()) {
      channel.close();
    } else {
      channel.unsafe().closeForcibly();
    }
  }

  /// Whether connections are to be left in the kernel's queue for now.
  boolean isShut() {
    return limits.whenFull() == WhenFull.LEAVE_IN_BACKLOG && quota.isFull(max);
  }

  /// Runs a task, on any thread, when it may be open again.
  void whenOpen(Runnable task) {
    quota.whenRoom(task);
    if (!isShut()) {
      quota.wakeAll();
    }
  }
}
