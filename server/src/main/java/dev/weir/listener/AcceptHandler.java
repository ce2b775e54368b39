package dev.weir.listener;

import static java.lang.System.Logger.Level.WARNING;

import dev.weir.transport.TimerWheel;
import dev.weir.transport.Worker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import java.util.List;

/// Accepts from one listening socket, and shares the connections out. Its worker only.
///
/// If accepting fails, for want of file descriptors most likely, it pauses: the connection stays in
/// the queue, and the loop would see it again and again.
final class AcceptHandler extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger(AcceptHandler.class.getName());
  private static final long SHORTEST_PAUSE = 10;
  private static final long LONGEST_PAUSE = 1_000;

  private final Worker worker;
  private final List<ListenerShard> shards;
  private final boolean balanced;
  private final ServerChannel channel;
  private final Pause pause = new Pause();
  private int turn;
  private int accepted;

  /// @param shards who gets the connections, turn by turn; only the worker's own if each worker has
  ///   its own socket
  /// @param balanced whether the one with the fewest connections gets the next, instead
  AcceptHandler(
      Worker worker, List<ListenerShard> shards, boolean balanced, ServerChannel channel) {
    this.worker = worker;
    this.shards = shards;
    this.balanced = balanced;
    this.channel = channel;
  }

  private final class Pause extends TimerWheel.Node {
    private long length = SHORTEST_PAUSE;

    void begin() {
      channel.config().setAutoRead(false);
      worker.timers().arm(this, worker.now() + length);
      length = Math.min(2 * length, LONGEST_PAUSE);
    }

    @Override
    protected void fire() {
      channel.config().setAutoRead(true);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    accepted++;
    pause.length = SHORTEST_PAUSE;
    next().take((Channel) message);
    waitIfShut();
  }

  private ListenerShard next() {
    turn = turn + 1 == shards.size() ? 0 : turn + 1;
    var next = shards.get(turn);
    if (balanced) {
      for (var shard : shards) {
        next = shard.load() < next.load() ? shard : next;
      }
    }
    return next;
  }

  /// Leaves further connections in the kernel's queue, where that is wanted.
  private void waitIfShut() {
    var gate = shards.getFirst().gate();
    if (gate.isShut()) {
      channel.config().setAutoRead(false);
      gate.whenOpen(() -> worker.execute(this::acceptAgain));
    }
  }

  private void acceptAgain() {
    if (channel.isOpen()) {
      channel.config().setAutoRead(true);
      waitIfShut();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (accepted > 0) {
      shards.getFirst().stats().acceptedAtOnce.record(accepted);
      accepted = 0;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    shards.getFirst().stats().acceptFailures.increment();
    if (pause.length == SHORTEST_PAUSE) {
      LOG.log(WARNING, "cannot accept on {0}: {1}", channel.localAddress(), cause.getMessage());
    }
    pause.begin();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    worker.timers().disarm(pause);
  }
}
