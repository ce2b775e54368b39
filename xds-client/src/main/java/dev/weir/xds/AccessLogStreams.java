package dev.weir.xds;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage.Identifier;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The access log services that entries are streamed to. They have connections of their own, so
/// that they can be told of the last connections when the control plane is already left. Main loop
/// only.
public final class AccessLogStreams implements AccessLogServices {
  private final SerialLoop loop;
  private final Node node;
  private final Function<String, @Nullable ControlPlane> servers;
  private final Map<AccessLogDestination, AccessLogStream> logs = new HashMap<>();
  private @Nullable GrpcStreams streams;

  /// Connects when there is something to say.
  ///
  /// @param node who we are
  /// @param servers how a cluster's service is reached, by the cluster's name; null where there is
  ///   no such cluster
  public AccessLogStreams(
      SerialLoop loop, Node node, Function<String, @Nullable ControlPlane> servers) {
    this.loop = loop;
    this.node = XdsClient.introduced(node);
    this.servers = servers;
  }

  @Override
  public Log open(AccessLogDestination destination, AccessLogObserver observer) {
    loop.check();
    return logs.computeIfAbsent(destination, _ -> stream(destination, observer));
  }

  private AccessLogStream stream(AccessLogDestination destination, AccessLogObserver observer) {
    if (streams == null) {
      streams = GrpcStreams.of(loop, servers);
    }
    return new AccessLogStream(
        loop,
        streams,
        destination,
        Identifier.newBuilder().setNode(node).setLogName(destination.logName()).build(),
        observer,
        new FullJitter(ApiConfig.Backoff.DEFAULT, RandomGenerator.getDefault()));
  }

  /// Sends what waits to be sent, and ends the streams.
  ///
  /// @return completes when the services have ended them too
  public CompletableFuture<Void> close() {
    loop.check();
    var open = streams;
    if (open == null) {
      return CompletableFuture.completedFuture(null);
    }
    var ends = logs.values().stream().map(AccessLogStream::close);
    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).thenRun(open::close);
  }
}
