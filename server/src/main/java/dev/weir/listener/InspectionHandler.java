package dev.weir.listener;

import dev.weir.connection.Connection;
import dev.weir.connection.HoldHandler;
import dev.weir.transport.PatientReads;
import dev.weir.transport.TimerWheel;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/// Lets the listener filters look at a connection, one after the other and within their time; then
/// it is let in. What was read is kept for whoever reads after that. Its worker only.
final class InspectionHandler extends HoldHandler {
  private final ListenerShard shard;
  private final Generation generation;
  private final Connection.Accepted accepted;
  private final PatientReads reads;
  private final Timeout timeout = new Timeout();
  private int current;
  private boolean over;

  /// @param reads of the connection, which end to be patient when it is let in
  InspectionHandler(
      ListenerShard shard,
      Generation generation,
      Connection.Accepted accepted,
      PatientReads reads) {
    this.shard = shard;
    this.generation = generation;
    this.accepted = accepted;
    this.reads = reads;
  }

  private final class Timeout extends TimerWheel.Node {
    @Override
    protected void fire() {
      stats().inspectionTimeouts.increment();
      if (generation.config().inspection().continueOnTimeout()) {
        finish();
      } else {
        abandon();
      }
    }
  }

  private ListenerStats stats() {
    return generation.report().stats();
  }

  void start() {
    stats().inspecting.increment();
    long millis = generation.config().inspection().timeout().toMillis();
    if (millis > 0) {
      accepted.worker().timers().arm(timeout, accepted.worker().now() + millis);
    }
    goOn();
  }

  private void readAhead() {
    var ctx = accepted.channel().pipeline().context(this);
    if (ctx != null) {
      ctx.read(); // past this handler's own `read`
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    goOn();
  }

  private void goOn() {
    while (!over) {
      var held = held();
      var sofar = held == null ? Unpooled.EMPTY_BUFFER : held;
      switch (generation.inspectors().get(current).inspect(sofar, accepted)) {
        case MORE -> {
          readAhead();
          return;
        }
        case REFUSE -> abandon();
        case DONE -> {
          current++;
          if (current == generation.inspectors().size()) {
            finish();
          }
        }
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    super.userEventTriggered(ctx, event);
    if (ended()) {
      clientGone();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    clientGone();
    ctx.fireChannelInactive();
  }

  private void clientGone() {
    if (!over) {
      stats().inspectionRemoteCloses.increment();
      abandon();
    }
  }

  /// Closes the connection if it is not let in yet.
  void abandon() {
    if (end()) {
      accepted.channel().close();
      accepted.record().close();
    }
  }

  private void finish() {
    if (end()) {
      reads.end();
      shard.enter(generation, accepted);
    }
  }

  private boolean end() {
    if (over) {
      return false;
    }
    over = true;
    stats().inspecting.decrement();
    accepted.worker().timers().disarm(timeout);
    shard.inspected(this);
    return true;
  }
}
