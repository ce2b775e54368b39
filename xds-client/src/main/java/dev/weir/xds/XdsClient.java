package dev.weir.xds;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The way in: subscribe, and be told of changes. Main loop only.
///
/// Subscriptions of one type share one request. Requests are sent at the end of the loop's turn, so
/// that whoever subscribes ten thousand names sends one request.
public final class XdsClient implements AutoCloseable {
  private static final String USER_AGENT = "weir";

  /// That a state-of-the-world response may wrap resources, and that they may expire; each in the
  /// spelling of several control planes.
  private static final List<String> FEATURES =
      List.of(
          "xds.config.supports-resource-ttl",
          "xds.config.supports-resource-in-sotw",
          "xds.config.resource-in-sotw");

  private final ClientConfig config;
  private final Node node;
  private final ControlPlaneObserver adsObserver;
  private final Shared shared;
  private final Set<Source> sources = new LinkedHashSet<>();
  private final Map<ApiConfig, XdsConnection> aggregated = new HashMap<>();
  private @Nullable MoveWatcher moves;

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
    this.config = config;
    node = introduced(config.node());
    adsObserver = ads;
    shared =
        new Shared(
            main,
            new Channels(controlPlanes),
            new Pauses(this::resumed),
            ForkJoinPool.commonPool(),
            RandomGenerator.getDefault());
  }

  /// The node, with what we are and can do.
  static Node introduced(Node node) {
    var introduced = node.toBuilder();
    if (node.getUserAgentName().isEmpty()) {
      introduced.setUserAgentName(USER_AGENT);
    }
    for (var feature : FEATURES) {
      if (!node.getClientFeaturesList().contains(feature)) {
        introduced.addClientFeatures(feature);
      }
    }
    return introduced.build();
  }

  private void resumed() {
    sources.forEach(Source::resumed);
  }

  /// Asks for resources until the subscription is closed. The sink is never called before this
  /// returns. A single resource whose name tells a known authority is asked of that, whatever the
  /// source.
  ///
  /// @throws UncheckedIOException if the source cannot be had: a file that does not exist or cannot
  ///   be watched, the aggregated stream where none is configured, a stream of its own for a type
  ///   that no service has; the message is for people to read
  public <M extends Message, T> Subscription subscribe(
      ConfigSource source,
      ResourceType<M, T> type,
      Names names,
      ResourceSink<T> sink,
      SubscriptionObserver observer) {
    shared.loop().check();
    var authority = authority(names);
    if (authority != null) {
      observer.attempt();
      var topic = aggregated(authority.api()).topic(type);
      return topic.subscribe(names, sink, observer, authority.initialFetchTimeout());
    }
    return switch (source) {
      case ConfigSource.Ads(var timeout) -> {
        observer.attempt();
        yield ads().topic(type).subscribe(names, sink, observer, timeout);
      }
      case ConfigSource.Authority _ ->
          throw unusable(
              "No valid authority was found for the given xDS-TP resource " + text(names));
      case ConfigSource.Grpc(var api, var timeout) -> {
        var connection = ownConnection(api, type.typeUrl(), observer.controlPlane());
        observer.attempt();
        var subscription = connection.topic(type).subscribe(names, sink, observer, timeout);
        yield owning(subscription, connection);
      }
      case ConfigSource.File file -> {
        var contents = openFile(file, type);
        yield owning(
            contents.topic().subscribe(names, sink, observer, file.initialFetchTimeout()),
            contents);
      }
    };
  }

  private XdsConnection ads() {
    var api = config.ads();
    if (api == null) {
      throw unusable("there is no ads_config");
    }
    return aggregated(api);
  }

  /// A stream for all types.
  private XdsConnection aggregated(ApiConfig api) {
    return aggregated.computeIfAbsent(
        api,
        _ -> {
          var streams = new Streams(shared.loop(), node, api, Streams.aggregated(api.delta()));
          var connection = new XdsConnection(shared, streams, adsObserver);
          sources.add(connection);
          return connection;
        });
  }

  /// Who is to be asked; null where the names do not tell.
  private ConfigSource.@Nullable Grpc authority(Names names) {
    if (names instanceof Names.Listed(var listed) && listed.size() == 1) {
      var name = listed.iterator().next();
      return XdstpName.isCollection(name) ? null : config.authorities().find(name);
    }
    return null;
  }

  private XdsConnection ownConnection(
      ApiConfig api, String typeUrl, ControlPlaneObserver observer) {
    var method = Kind.of(typeUrl).method(api.delta());
    if (method == null) {
      throw unusable("there is no service for " + typeUrl);
    }
    var connection =
        new XdsConnection(shared, new Streams(shared.loop(), node, api, method), observer);
    sources.add(connection);
    return connection;
  }

  private <M extends Message, T> FileSource<M, T> openFile(
      ConfigSource.File file, ResourceType<M, T> type) {
    if (!Files.exists(file.path())) {
      throw unusable(
          "paths must refer to an existing path in the system: '%s' does not exist"
              .formatted(file.path()));
    }
    var contents = new FileSource<>(file.path(), type, shared, config.unknownFields());
    try {
      contents.watch(moves(), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    sources.add(contents);
    return contents;
  }

  private MoveWatcher moves() throws IOException {
    var present = moves;
    if (present == null) {
      present = MoveWatcher.start();
      moves = present;
    }
    return present;
  }

  /// Runs a task on the main loop whenever something is renamed into a directory, which is how a
  /// file is replaced as a whole.
  ///
  /// @param alsoWrites whether it runs too when a file that was written in place is closed
  /// @throws IOException if it cannot be watched
  public DirectoryWatch watch(Path directory, boolean alsoWrites, Runnable moved)
      throws IOException {
    shared.loop().check();
    var watching = moves().watch(directory, null, alsoWrites, () -> shared.loop().execute(moved));
    return watching::close;
  }

  private static String text(Names names) {
    return switch (names) {
      case Names.Wildcard() -> "*";
      case Names.Listed(var listed) -> String.join(", ", listed);
    };
  }

  private static UncheckedIOException unusable(String reason) {
    return new UncheckedIOException(reason, new IOException(reason));
  }

  /// A subscription that takes its source with it when it ends.
  private Subscription owning(Subscription subscription, Source source) {
    return new Subscription() {
      @Override
      public void update(Set<String> names) {
        subscription.update(names);
      }

      @Override
      public void close() {
        subscription.close();
        source.close();
        sources.remove(source);
      }
    };
  }

  /// Holds back requests of these types, acknowledgements too, until the result is closed. What
  /// changes meanwhile is sent as one. Several may pause the same type.
  public Pause pause(String... typeUrls) {
    shared.loop().check();
    return shared.pauses().pause(List.of(typeUrls));
  }

  /// What is held of a type over all sources, in no particular order.
  public List<ResourceStatus> snapshot(String typeUrl) {
    shared.loop().check();
    return sources.stream().flatMap(source -> source.snapshot(typeUrl).stream()).toList();
  }

  /// Ends all conversations. No sink is called any more.
  @Override
  public void close() {
    shared.loop().check();
    sources.forEach(Source::close);
    sources.clear();
    shared.channels().close();
    if (moves != null) {
      moves.close();
      moves = null;
    }
  }

  /// Requests are held back until this is closed.
  public interface Pause extends AutoCloseable {
    @Override
    void close();
  }
}
