package dev.weir.connection.filter;

import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.transport.TimerWheel;
import java.time.Duration;

/// A connection that may not come in, until it is closed. Its worker only.
final class Refusal extends TimerWheel.Node {
  private final Connection connection;
  private final CloseReason reason;

  private Refusal(Connection connection, CloseReason reason) {
    this.connection = connection;
    this.reason = reason;
  }

  /// Closes it, at once or after a delay; what it sends meanwhile is dropped.
  static void close(Connection connection, CloseReason reason, Duration delay) {
    if (delay.isZero()) {
      connection.close(reason);
      return;
    }
    Discarding.begin(connection);
    var timers = connection.worker().timers();
    var waiting = new Refusal(connection, reason);
    connection.atEnd(() -> timers.disarm(waiting));
    timers.arm(waiting, timers.now() + delay.toMillis());
  }

  @Override
  protected void fire() {
    connection.close(reason);
  }
}
