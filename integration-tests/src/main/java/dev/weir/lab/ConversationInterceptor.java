package dev.weir.lab;

import com.google.protobuf.Message;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.function.Consumer;

/// Lets a [Conversation] see every message of every stream, both ways.
final class ConversationInterceptor implements ServerInterceptor {

  private final Consumer<XdsEvent> events;

  ConversationInterceptor(Consumer<XdsEvent> events) {
    this.events = events;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    var conversation = new Conversation(events);
    var observed =
        new SimpleForwardingServerCall<Q, R>(call) {
          @Override
          public void sendMessage(R message) {
            conversation.sending((Message) message);
            super.sendMessage(message);
          }
        };
    return new SimpleForwardingServerCallListener<>(next.startCall(observed, headers)) {
      @Override
      @SuppressWarnings("unchecked") // a message comes back as what it was
      public void onMessage(Q message) {
        super.onMessage((Q) conversation.received((Message) message));
      }

      @Override
      public void onCancel() {
        conversation.ended();
        super.onCancel();
      }

      @Override
      public void onComplete() {
        conversation.ended();
        super.onComplete();
      }
    };
  }
}
