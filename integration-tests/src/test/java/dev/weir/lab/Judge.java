package dev.weir.lab;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A gRPC server that is asked for decisions, by `ext_authz` and `ratelimit`. What it answers is
/// told beforehand for each case; a request names its case in the header `case`.
final class Judge implements AutoCloseable {
  static final String AUTHZ = "envoy.service.auth.v3.Authorization/Check";
  static final String RATE_LIMIT = "envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

  private static final Metadata.Key<String> CASE = key("case");

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, BlockingQueue<Question>> questions = new ConcurrentHashMap<>();
  private final Map<String, BlockingQueue<ServerCall<byte[], byte[]>>> pending =
      new ConcurrentHashMap<>();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final Server server;

  /// What it answers.
  sealed interface Answer {
    /// Any bytes, as a message that is none perhaps, and then that it went well.
    record Bytes(ByteString bytes) implements Answer {}

    /// That it failed.
    record Failure(Status status) implements Answer {}

    /// Nothing, for ever.
    record Silence() implements Answer {}

    static Answer of(Message message) {
      return new Bytes(message.toByteString());
    }
  }

  /// What it was asked.
  record Question(Metadata headers, ByteString message) {
    String header(String name) {
      return String.valueOf(headers.get(key(name)));
    }
  }

  private Judge(int port) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(service(AUTHZ))
            .addService(service(RATE_LIMIT))
            .directExecutor()
            .build()
            .start();
  }

  /// Starts one at this port, 0 for any.
  static Judge start(int port) throws IOException {
    return new Judge(port);
  }

  int port() {
    return server.getPort();
  }

  /// Says what is answered in a case; without, it is silence.
  void answer(String name, Answer answer) {
    answers.put(name, answer);
  }

  /// Waits for the next question of a case.
  Question next(String name) throws InterruptedException {
    var question = of(name).poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    if (question == null) {
      throw new AssertionError(name + " was not asked");
    }
    return question;
  }

  /// Answers the eldest question of a case that was met with silence.
  void release(String name, Answer answer) {
    give(name, answer, waiting(name).remove());
  }

  /// How many questions of a case nobody has looked at.
  int asked(String name) {
    return of(name).size();
  }

  /// How many questions were taken back before an answer.
  int cancelled() {
    return cancelled.get();
  }

  private BlockingQueue<Question> of(String name) {
    return questions.computeIfAbsent(name, _ -> new LinkedBlockingQueue<>());
  }

  private BlockingQueue<ServerCall<byte[], byte[]>> waiting(String name) {
    return pending.computeIfAbsent(name, _ -> new LinkedBlockingQueue<>());
  }

  private ServerServiceDefinition service(String method) {
    var descriptor =
        MethodDescriptor.newBuilder(new Raw(), new Raw())
            .setType(MethodType.UNARY)
            .setFullMethodName(method)
            .build();
    return ServerServiceDefinition.builder(method.substring(0, method.indexOf('/')))
        .addMethod(descriptor, handler())
        .build();
  }

  private ServerCallHandler<byte[], byte[]> handler() {
    return (call, headers) -> {
      call.request(2);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(byte[] message) {
          var name = String.valueOf(headers.get(CASE));
          give(name, answers.getOrDefault(name, new Answer.Silence()), call);
          of(name).add(new Question(headers, ByteString.copyFrom(message)));
        }

        @Override
        public void onCancel() {
          cancelled.incrementAndGet();
        }
      };
    };
  }

  private void give(String name, Answer answer, ServerCall<byte[], byte[]> call) {
    switch (answer) {
      case Answer.Bytes(var bytes) -> {
        call.sendHeaders(new Metadata());
        call.sendMessage(bytes.toByteArray());
        call.close(Status.OK, new Metadata());
      }
      case Answer.Failure(var status) -> call.close(status, new Metadata());
      case Answer.Silence() -> waiting(name).add(call);
    }
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /// Breaks off what is under way, and takes no more.
  @Override
  public void close() {
    server.shutdownNow();
  }

  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
