package dev.weir.xds;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A control plane that says exactly what the test tells it to, over real gRPC.
final class FakePlane implements AutoCloseable {
  private final Server server;
  private final ManualLoop loop;
  private final Queue<Stream> opened = new ConcurrentLinkedQueue<>();

  FakePlane(ManualLoop loop) {
    this(
        loop,
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        b -> b);
  }

  FakePlane(
      ManualLoop loop, NettyServerBuilder builder, UnaryOperator<NettyServerBuilder> settings) {
    this.loop = loop;
    try {
      server =
          settings
              .apply(builder)
              .fallbackHandlerRegistry(new AnyMethod())
              .maxInboundMessageSize(Integer.MAX_VALUE)
              .directExecutor()
              .build()
              .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  int port() {
    return server.getPort();
  }

  ControlPlane.Address address() {
    return new ControlPlane.Address.Host("127.0.0.1", port());
  }

  /// Waits for the next stream.
  Stream stream() {
    return loop.await("a stream", opened::poll);
  }

  boolean hasStream() {
    return !opened.isEmpty();
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new AssertionError("the fake control plane does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// One stream from a client.
  final class Stream {
    final String method;
    final Metadata headers;
    private final ServerCall<Message, Message> call;
    private final Queue<Message> requests = new ConcurrentLinkedQueue<>();
    private volatile boolean cancelled;
    private volatile boolean halfClosed;

    private Stream(ServerCall<Message, Message> call, Metadata headers) {
      this.call = call;
      this.headers = headers;
      this.method = call.getMethodDescriptor().getFullMethodName();
    }

    /// Waits for the next request.
    Message next() {
      return loop.await("a request", requests::poll);
    }

    DiscoveryRequest sotw() {
      return (DiscoveryRequest) next();
    }

    DeltaDiscoveryRequest delta() {
      return (DeltaDiscoveryRequest) next();
    }

    /// The next request that came already, if one did.
    @Nullable Message poll() {
      return requests.poll();
    }

    void send(Message response) {
      call.sendMessage(response);
    }

    void end(Status status) {
      call.close(status, new Metadata());
    }

    /// Waits until the client has said all.
    void awaitHalfClosed() {
      loop.until("the client's last word", () -> halfClosed);
    }

    /// Waits until the client has broken it off.
    void awaitCancelled() {
      loop.until("the end of the stream", () -> cancelled);
    }
  }

  /// Takes any discovery method, and any other as one of a stream of unknown messages.
  private final class AnyMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String method, @Nullable String authority) {
      var delta = method.contains("/Delta");
      var descriptor =
          MethodDescriptor.<Message, Message>newBuilder()
              .setType(MethodType.BIDI_STREAMING)
              .setFullMethodName(method)
              .setRequestMarshaller(
                  marshaller(
                      delta
                          ? DeltaDiscoveryRequest.getDefaultInstance()
                          : DiscoveryRequest.getDefaultInstance()))
              .setResponseMarshaller(
                  marshaller(
                      delta
                          ? DeltaDiscoveryResponse.getDefaultInstance()
                          : DiscoveryResponse.getDefaultInstance()))
              .build();
      ServerCallHandler<Message, Message> handler = FakePlane.this::accept;
      return ServerMethodDefinition.create(descriptor, handler);
    }

    private MethodDescriptor.Marshaller<Message> marshaller(Message prototype) {
      return ProtoUtils.marshaller(prototype);
    }
  }

  private ServerCall.Listener<Message> accept(ServerCall<Message, Message> call, Metadata headers) {
    var stream = new Stream(call, headers);
    call.sendHeaders(new Metadata());
    call.request(Integer.MAX_VALUE);
    opened.add(stream);
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(Message message) {
        stream.requests.add(message);
      }

      @Override
      public void onHalfClose() {
        stream.halfClosed = true;
      }

      @Override
      public void onCancel() {
        stream.cancelled = true;
      }
    };
  }
}
