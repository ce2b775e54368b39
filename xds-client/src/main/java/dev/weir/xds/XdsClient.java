package dev.weir.xds;

import com.google.protobuf.Message;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The way in: subscribe, and be told of changes. Main loop only.
///
/// Subscriptions of one type share one request. Requests are sent at the end of the loop's turn, so
/// that whoever subscribes ten thousand names sends one request.
public final class XdsClient implements AutoCloseable {
  private final SerialLoop main;

  /// Connects when the first subscription comes.
  ///
  /// @param main whose thread owns everything here
  /// @param config who we are and whom we ask
  /// @param controlPlanes how a control plane is reached, by name; null where there is none of it
  /// @param ads counters of the aggregated stream
  public XdsClient(
      SerialLoop main,
      ClientConfig config,
      Function<String, @Nullable ControlPlane> controlPlanes,
      ControlPlaneObserver ads) {
    this.main = main;
  }

  /// Asks for resources until the subscription is closed. The sink is never called before this
  /// returns.
  ///
  /// @throws UncheckedIOException if the source is a file that does not exist or cannot be watched;
  ///   its message is for people to read
  /// @throws IllegalStateException if the source is [ConfigSource.Ads] and there is none
  public <M extends Message, T> Subscription subscribe(
      ConfigSource source,
      ResourceType<M, T> type,
      Names names,
      ResourceSink<T> sink,
      SubscriptionObserver observer) {
    main.check();
    throw new IllegalStateException("not yet");
  }

  /// Holds back requests of these types until the result is closed. What changes meanwhile is sent
  /// as one. Several may pause the same type.
  public Pause pause(String... typeUrls) {
    main.check();
    return () -> {};
  }

  /// What is held of a type over all sources, in no particular order.
  public List<ResourceStatus> snapshot(String typeUrl) {
    main.check();
    return List.of();
  }

  /// Streams of other services on the same control planes.
  public GrpcStreams streams() {
    main.check();
    throw new IllegalStateException("not yet");
  }

  /// Ends all conversations. No sink is called any more.
  @Override
  public void close() {}

  /// Requests are held back until this is closed.
  public interface Pause extends AutoCloseable {
    @Override
    void close();
  }
}
