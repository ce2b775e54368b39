package dev.weir.connection.filter;

import dev.weir.connection.CloseReason;
import dev.weir.connection.Connection;
import dev.weir.telemetry.Gauge;
import dev.weir.upstream.call.GrpcAnswer;
import dev.weir.upstream.call.GrpcMethod;
import dev.weir.upstream.call.HttpCall;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection that waits until a service has answered a question about it. If it ends before, the
/// question is taken back. Its worker only.
final class Inquiry {
  private final Connection connection;
  private final Gauge active;
  private final Consumer<GrpcAnswer> then;
  private @Nullable HttpCall call;
  private boolean over;

  private Inquiry(Connection connection, Gauge active, Consumer<GrpcAnswer> then) {
    this.connection = connection;
    this.active = active;
    this.then = then;
  }

  /// Asks.
  ///
  /// @param active how many wait
  /// @param then gets the answer, perhaps at once, unless the connection has ended
  static void begin(
      Connection connection,
      GrpcMethod method,
      byte[] question,
      Gauge active,
      Consumer<GrpcAnswer> then) {
    new Inquiry(connection, active, then).begin(method, question);
  }

  private void begin(GrpcMethod method, byte[] question) {
    active.increment();
    connection.atEnd(this::end);
    // Nobody else looks at the channel yet.
    connection
        .channel()
        .closeFuture()
        .addListener(_ -> {
          if (!over) {
            connection.close(CloseReason.PEER);
          }
        });
    var begun = method.call(connection.worker(), question, connection.record(), this::answered);
    if (!over) {
      call = begun;
    }
  }

  private void answered(GrpcAnswer answer) {
    if (!over) {
      over = true;
      active.decrement();
      then.accept(answer);
    }
  }

  private void end() {
    if (!over) {
      over = true;
      active.decrement();
      if (call != null) {
        call.cancel();
      }
    }
  }
}
