package dev.weir.lab;

import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.AccessLogServiceGrpc.AccessLogServiceImplBase;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A real access log service, which keeps what it is sent for the test to look at.
final class LogService extends AccessLogServiceImplBase implements AutoCloseable {

  private final BlockingQueue<StreamAccessLogsMessage> received = new LinkedBlockingQueue<>();
  private final Server server;

  private LogService(int port) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(this)
            .build()
            .start();
  }

  /// Starts one at this port, 0 for any.
  static LogService start(int port) throws IOException {
    return new LogService(port);
  }

  int port() {
    return server.getPort();
  }

  @Override
  public StreamObserver<StreamAccessLogsMessage> streamAccessLogs(
      StreamObserver<StreamAccessLogsResponse> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(StreamAccessLogsMessage message) {
        received.add(message);
      }

      @Override
      public void onError(Throwable error) {}

      @Override
      public void onCompleted() {
        answer.onNext(StreamAccessLogsResponse.getDefaultInstance());
        answer.onCompleted();
      }
    };
  }

  /// Waits for the next message.
  StreamAccessLogsMessage next() throws InterruptedException {
    var message = received.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing was logged");
    }
    return message;
  }

  /// Waits until there are so many entries, in however many messages.
  List<TCPAccessLogEntry> entries(int count) throws InterruptedException {
    var entries = new ArrayList<TCPAccessLogEntry>();
    while (entries.size() < count) {
      entries.addAll(next().getTcpLogs().getLogEntryList());
    }
    return entries;
  }

  /// Breaks off the streams, and takes no more.
  @Override
  public void close() {
    server.shutdownNow();
  }
}
