package dev.weir.xds;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The link to a control plane: connects, backs off, connects again, and subscribes again to all
/// that is wanted. What is held stays, however long that takes. Main loop only.
final class XdsConnection implements Source {
  private static final System.Logger LOG = System.getLogger(XdsConnection.class.getName());

  private final Shared shared;
  private final Streams streams;
  private final ControlPlaneObserver observer;
  private final Agenda agenda;
  private final FullJitter backoff;
  private final Failover failover;
  private final Map<String, Topic<?, ?>> topics = new LinkedHashMap<>();

  private @Nullable Link link;
  private SerialLoop.@Nullable Cancellable retry;
  private boolean closed;

  XdsConnection(Shared shared, Streams streams, ControlPlaneObserver observer) {
    this.shared = shared;
    this.streams = streams;
    this.observer = observer;
    agenda = new Agenda(shared.loop(), shared.pauses(), streams.api().rateLimit(), observer);
    backoff = new FullJitter(streams.api().backoff(), shared.random());
    failover = new Failover(streams.api().controlPlanes());
  }

  /// The topic of a type. The first one makes it connect.
  ///
  /// @throws IllegalStateException if the type was asked for with another decoder before
  <M extends Message, T> Topic<M, T> topic(ResourceType<M, T> type) {
    var known = topics.get(type.typeUrl());
    if (known != null) {
      return known.as(type);
    }
    var topic = new Topic<>(type, shared.loop(), shared.workers(), agenda::changed);
    topics.put(type.typeUrl(), topic);
    if (topics.size() == 1) {
      connect();
    }
    return topic;
  }

  @Override
  public List<ResourceStatus> snapshot(String typeUrl) {
    var topic = topics.get(typeUrl);
    return topic == null ? List.of() : topic.snapshot();
  }

  @Override
  public void resumed() {
    agenda.schedule();
  }

  private void connect() {
    retry = null;
    var opening = new Link(failover.next());
    link = opening;
    try {
      opening.open();
    } catch (IOException e) {
      // Not at once: whoever subscribes is not told of anything before that returns.
      shared.loop().execute(() -> opening.closed(String.valueOf(e.getMessage())));
    }
  }

  private void lost(Link lost, String reason) {
    link = null;
    agenda.end();
    observer.connected(false);
    lost.giveBack();
    LOG.log(
        lost.answered ? Level.INFO : Level.WARNING,
        () ->
            "%s gRPC config stream to %s closed: %s"
                .formatted(
                    MethodDescriptor.extractBareMethodName(streams.method()),
                    lost.controlPlane,
                    reason));
    for (var topic : List.copyOf(topics.values())) {
      topic.unreachable(reason);
    }
    if (!closed) {
      retry = shared.loop().schedule(backoff.next(), this::connect);
    }
  }

  @Override
  public void close() {
    closed = true;
    agenda.end();
    topics.values().forEach(Topic::close);
    if (retry != null) {
      retry.cancel();
    }
    if (link != null) {
      link.cancel();
      link = null;
    }
  }

  /// One attempt, and the stream that may come of it.
  private final class Link implements GrpcCall.Events<Response> {
    private final String controlPlane;
    private Channels.@Nullable Lease lease;
    private @Nullable XdsStream stream;
    private SerialLoop.@Nullable Cancellable deadline;
    private boolean opened;
    private boolean answered;
    private boolean busy;
    private @Nullable String endedWhileBusy;

    Link(String controlPlane) {
      this.controlPlane = controlPlane;
    }

    void open() throws IOException {
      var lent = shared.channels().lend(controlPlane);
      lease = lent;
      var opening = streams.open(lent.channel(), failover.knows(controlPlane), this);
      stream = opening;
      deadline =
          shared
              .loop()
              .schedule(
                  lent.patience(),
                  () -> {
                    opening.close();
                    closed("connection timeout");
                  });
    }

    private void cancelDeadline() {
      if (deadline != null) {
        deadline.cancel();
        deadline = null;
      }
    }

    @Override
    public void opened() {
      cancelDeadline();
      opened = true;
      observer.connected(true);
      if (stream != null) {
        agenda.begin(stream, topics.values());
      }
    }

    @Override
    public void received(Response response) {
      answered = true;
      backoff.reset();
      failover.answered(controlPlane);
      if (!response.head().controlPlane().isEmpty()) {
        observer.identifier(response.head().controlPlane());
      }
      var topic = topics.get(response.typeUrl());
      if (topic == null) {
        LOG.log(
            Level.WARNING,
            () -> controlPlane + " sends " + response.typeUrl() + ", which nobody asked for");
        agenda.readNext();
      } else {
        busy = true;
        topic.receive(response, problems -> handled(topic, response, problems));
      }
    }

    private void handled(Topic<?, ?> topic, Response response, List<Rejected> problems) {
      busy = false;
      if (closed) {
        return;
      }
      if (!problems.isEmpty()) {
        LOG.log(
            Level.WARNING,
            () ->
                "gRPC config for %s rejected: %s"
                    .formatted(response.typeUrl(), topic.kind().refusal(problems).strip()));
      }
      if (endedWhileBusy == null) {
        agenda.answer(topic, response, problems);
      } else {
        lost(this, endedWhileBusy);
      }
    }

    /// What came before the end is dealt with before the end.
    @Override
    public void closed(String reason) {
      if (busy) {
        endedWhileBusy = reason;
      } else if (link == this) {
        lost(this, reason);
      }
    }

    /// A connection that came about may be used again.
    void giveBack() {
      cancelDeadline();
      if (lease != null) {
        lease.giveBack(opened);
        lease = null;
      }
    }

    void cancel() {
      if (stream != null) {
        stream.close();
      }
      giveBack();
    }
  }
}
