package dev.weir.xds;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import dev.weir.xds.GrpcStreams.OutgoingStream;
import dev.weir.xds.SerialLoop.Cancellable;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The way of entries to one service. Any thread puts entries in; the main loop gathers them into
/// messages and sends those, on one stream for as long as it lasts.
final class AccessLogStream implements AccessLogServices.Log, GrpcStreams.Life {
  private static final System.Logger LOG = System.getLogger("grpc");
  private static final String METHOD =
      "envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs";

  /// How much may wait while the service is slow or away.
  private static final int ROOM = 1 << 20;

  private final SerialLoop loop;
  private final GrpcStreams streams;
  private final AccessLogDestination destination;
  private final Identifier identifier;
  private final AccessLogObserver observer;
  private final FullJitter backoff;
  private final int enough;
  private final int room;
  private final Queue<MessageLite> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingBytes = new AtomicInteger();

  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private @Nullable OutgoingStream<StreamAccessLogsMessage> stream;
  private @Nullable Cancellable flush;
  private @Nullable Cancellable retry;
  private boolean introduced;
  private boolean closing;

  /// @param backoff between a stream that failed and the next
  AccessLogStream(
      SerialLoop loop,
      GrpcStreams streams,
      AccessLogDestination destination,
      Identifier identifier,
      AccessLogObserver observer,
      FullJitter backoff) {
    this.loop = loop;
    this.streams = streams;
    this.destination = destination;
    this.identifier = identifier;
    this.observer = observer;
    this.backoff = backoff;
    this.enough = Math.max(destination.bufferBytes(), 1);
    this.room = Math.max(enough, ROOM);
  }

  @Override
  public boolean offer(LogEntry entry) {
    var message =
        switch (entry) {
          case TcpLogEntry connection -> AccessLogMessages.entry(connection);
          case HttpLogEntry request -> HttpLogMessages.entry(request);
        };
    int size = size(message);
    int before = waitingBytes.getAndAdd(size);
    if (before >= room) {
      waitingBytes.getAndAdd(-size);
      return false;
    }
    waiting.add(message);
    if (before == 0) {
      loop.execute(this::begin);
    }
    if (before < enough && before + size >= enough) {
      loop.execute(this::flushIfReady);
    }
    return true;
  }

  /// What the entry adds to a message.
  private static int size(MessageLite entry) {
    int size = entry.getSerializedSize();
    return size + CodedOutputStream.computeUInt32SizeNoTag(size) + 1;
  }

  /// Something waits: the stream had better be open by the time that it is sent.
  private void begin() {
    if (stream == null && retry == null && !closing) {
      connect();
    }
    if (flush == null && !closing) {
      flush = loop.schedule(destination.flushInterval(), this::flushInterval);
    }
  }

  private void connect() {
    introduced = false;
    stream = streams.open(destination.cluster(), METHOD, destination.initialMetadata(), this);
  }

  private void flushInterval() {
    flush = null;
    if (!waiting.isEmpty() && !flushIfReady()) {
      observer.flushFailed(waiting.size());
    }
    if (waitingBytes.get() > 0) {
      begin();
    }
  }

  private boolean flushIfReady() {
    var open = stream;
    if (open == null || !open.isReady()) {
      return false;
    }
    send(open);
    return true;
  }

  private void send(OutgoingStream<StreamAccessLogsMessage> open) {
    var message = StreamAccessLogsMessage.newBuilder();
    int bytes = 0;
    int entries = 0;
    for (var entry = waiting.poll(); entry != null; entry = waiting.poll()) {
      if (entry instanceof TCPAccessLogEntry connection) {
        message.getTcpLogsBuilder().addLogEntry(connection);
      } else {
        message.getHttpLogsBuilder().addLogEntry((HTTPAccessLogEntry) entry);
      }
      bytes += size(entry);
      entries++;
    }
    if (bytes == 0) {
      return;
    }
    waitingBytes.addAndGet(-bytes);
    if (introduced) {
      backoff.reset(); // What went before it did not end the stream.
    } else {
      introduced = true;
      message.setIdentifier(identifier);
    }
    observer.flushed(entries);
    open.send(message.build());
  }

  @Override
  public void ready() {
    if (waitingBytes.get() >= enough) {
      flushIfReady();
    }
  }

  @Override
  public void ended(String reason) {
    stream = null;
    if (closing) {
      end.complete(null);
      return;
    }
    LOG.log(Level.DEBUG, "access log stream to {0} closed: {1}", destination.cluster(), reason);
    retry = loop.schedule(backoff.next(), this::retry);
  }

  private void retry() {
    retry = null;
    if (waitingBytes.get() > 0) {
      begin();
    }
  }

  /// Sends what waits, and ends the stream. What comes later is lost. Main loop only.
  ///
  /// @return completes when the service has ended the stream too, or cannot be reached
  CompletableFuture<Void> close() {
    closing = true;
    cancel(flush);
    cancel(retry);
    if (stream == null && !waiting.isEmpty()) {
      connect();
    }
    var open = stream;
    if (open == null) {
      end.complete(null);
    } else {
      send(open);
      open.close();
    }
    return end;
  }

  private static void cancel(@Nullable Cancellable task) {
    if (task != null) {
      task.cancel();
    }
  }
}
