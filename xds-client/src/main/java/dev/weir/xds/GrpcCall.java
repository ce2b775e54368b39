package dev.weir.xds;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One gRPC call, whose events come on the main loop. Main loop only.
final class GrpcCall<Q, R> {
  private final ClientCall<Q, R> call;
  private final SerialLoop loop;
  private final Events<R> events;
  private boolean opened;
  private boolean ended;

  private GrpcCall(ClientCall<Q, R> call, SerialLoop loop, Events<R> events) {
    this.call = call;
    this.loop = loop;
    this.events = events;
  }

  /// Begins a call, ready for a first message.
  static <Q, R> GrpcCall<Q, R> start(
      Channel channel,
      MethodDescriptor<Q, R> method,
      Metadata headers,
      SerialLoop loop,
      Events<R> events) {
    var call = channel.newCall(method, CallOptions.DEFAULT);
    var started = new GrpcCall<>(call, loop, events);
    call.start(started.new Listener(), headers);
    call.request(1);
    return started;
  }

  /// What happens on a call. None of it once it was cancelled.
  interface Events<R> {
    /// The connection is up.
    void opened();

    /// There is room again for what is to be sent; the first time right after [#opened].
    default void ready() {}

    /// One message, after each [GrpcCall#receiveNext].
    void received(R message);

    /// It is over.
    ///
    /// @param reason status code and text
    void closed(String reason);

    /// The same for messages that say it otherwise.
    default <S> Events<S> translated(Function<S, R> translation) {
      var outer = this;
      return new Events<>() {
        @Override
        public void opened() {
          outer.opened();
        }

        @Override
        public void ready() {
          outer.ready();
        }

        @Override
        public void received(S message) {
          outer.received(translation.apply(message));
        }

        @Override
        public void closed(String reason) {
          outer.closed(reason);
        }
      };
    }
  }

  void send(Q message) {
    if (!ended) {
      call.sendMessage(message);
    }
  }

  /// What was received has been dealt with.
  void receiveNext() {
    if (!ended) {
      call.request(1);
    }
  }

  boolean isReady() {
    return call.isReady();
  }

  /// Says that no more comes from us.
  void halfClose() {
    if (!ended) {
      call.halfClose();
    }
  }

  void cancel() {
    if (!ended) {
      ended = true;
      call.cancel("not wanted any more", null);
    }
  }

  private static String describe(Status status) {
    var text = status.getDescription();
    var cause = status.getCause();
    return status.getCode().value()
        + ", "
        + (text == null ? status.getCode() : text.lines().findFirst().orElse(""))
        + (cause == null ? "" : ": " + cause.getMessage());
  }

  /// Called by gRPC's threads.
  private final class Listener extends ClientCall.Listener<R> {
    @Override
    public void onReady() {
      onLoop(() -> {
        if (!opened) {
          opened = true;
          events.opened();
        }
        events.ready();
      });
    }

    @Override
    public void onMessage(R message) {
      onLoop(() -> events.received(message));
    }

    @Override
    public void onClose(Status status, @Nullable Metadata trailers) {
      onLoop(() -> {
        ended = true;
        events.closed(describe(status));
      });
    }

    private void onLoop(Runnable event) {
      loop.execute(() -> {
        if (!ended) {
          event.run();
        }
      });
    }
  }
}
