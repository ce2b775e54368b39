package dev.weir.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireError;
import dev.weir.proto.WireException;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import dev.weir.xds.Response.Manner;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// A file in the place of a control plane. Main loop only.
///
/// A file that is bad changes nothing. It is read and parsed elsewhere, as it may be large.
final class FileSource<M extends Message, T> implements Source {
  private static final System.Logger LOG = System.getLogger(FileSource.class.getName());

  private final Path path;
  private final SerialLoop loop;
  private final Executor workers;
  private final OnUnknown unknownFields;
  private final Topic<M, T> topic;
  private MoveWatcher.@Nullable Watching watching;
  private SerialLoop.@Nullable Cancellable polling;
  private boolean reading;
  private boolean readAgain;
  private boolean closed;

  FileSource(Path path, ResourceType<M, T> type, Shared shared, OnUnknown unknownFields) {
    this.path = path;
    this.loop = shared.loop();
    this.workers = shared.workers();
    this.unknownFields = unknownFields;
    topic = new Topic<>(type, loop, workers, _ -> changed());
  }

  Topic<M, T> topic() {
    return topic;
  }

  /// Reads the file again whenever another is renamed onto it, or anything into a directory; and
  /// where it is polled, when it looks different.
  ///
  /// @throws IOException if that cannot be noticed
  void watch(MoveWatcher moves, ConfigSource.File source) throws IOException {
    var file = path.toAbsolutePath();
    var directory = source.watchedDirectory();
    Runnable moved = () -> loop.execute(this::read);
    watching =
        directory == null
            ? moves.watch(
                Objects.requireNonNullElse(file.getParent(), file),
                file.getFileName().toString(),
                false,
                moved)
            : moves.watch(directory.path(), null, directory.alsoWrites(), moved);
    if (source.pollInterval() != null) {
      pollLater(source.pollInterval(), looks());
    }
  }

  private void pollLater(Duration interval, List<Object> before) {
    polling =
        loop.schedule(
            interval,
            () -> {
              var now = looks();
              if (!now.equals(before)) {
                read();
              }
              pollLater(interval, now);
            });
  }

  /// What tells a file from what it was before, without reading it.
  private List<Object> looks() {
    try {
      var found = Files.readAttributes(path, BasicFileAttributes.class);
      return List.of(found.lastModifiedTime(), found.size(), String.valueOf(found.fileKey()));
    } catch (IOException _) {
      return List.of();
    }
  }

  private void changed() {
    topic.settle();
    read();
  }

  /// What was found in the file.
  private sealed interface Contents {
    /// @param unknown fields that the messages do not have
    /// @param warnings what was strange, but understood
    record Parsed(DiscoveryResponse response, List<String> unknown, List<String> warnings)
        implements Contents {}

    record Broken(String reason) implements Contents {}
  }

  /// Reads the file, unless that is under way: then once more after it.
  private void read() {
    if (closed || reading) {
      readAgain = true;
      return;
    }
    reading = true;
    readAgain = false;
    workers.execute(() -> {
      var contents = contents();
      loop.execute(() -> apply(contents));
    });
  }

  private Contents contents() {
    var format = WireFormat.ofFile(path.getFileName().toString());
    try {
      var bytes = ByteString.copyFrom(Files.readAllBytes(path));
      var parsed =
          WireText.parse(
              bytes,
              format == null ? WireFormat.JSON : format,
              DiscoveryResponse.getDefaultInstance(),
              OnUnknown.WARN);
      return new Contents.Parsed(
          parsed.message(), texts(parsed.unknown()), texts(parsed.warnings()));
    } catch (IOException e) {
      return new Contents.Broken("unable to read file: " + path + ": " + e);
    } catch (WireException e) {
      return new Contents.Broken(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> texts(List<WireError> found) {
    return found.stream().map(WireError::toString).toList();
  }

  private void apply(Contents contents) {
    if (closed) {
      return;
    }
    switch (contents) {
      case Contents.Broken(var reason) -> {
        LOG.log(
            Level.WARNING, () -> "Filesystem config update failure: in " + path + ", " + reason);
        topic.unreadable(reason, SubscriptionObserver::failure);
        finished();
      }
      case Contents.Parsed(var response, var unknown, var warnings) -> {
        warnings.forEach(warning -> LOG.log(Level.WARNING, () -> "in " + path + ", " + warning));
        apply(response, unknown);
      }
    }
  }

  private void apply(DiscoveryResponse response, List<String> unknown) {
    if (!unknown.isEmpty() && unknownFields == OnUnknown.REJECT) {
      var reason = "unknown fields: " + String.join("; ", unknown);
      rejected(reason);
      topic.unreadable(reason, SubscriptionObserver::rejected);
      finished();
      return;
    }
    if (!unknown.isEmpty() && unknownFields == OnUnknown.WARN) {
      topic.interest().watches().forEach(watch -> watch.observer().unknownFields(unknown));
    }
    topic.receive(
        Response.of(response, Manner.FILE),
        problems -> {
          if (!problems.isEmpty()) {
            rejected(topic.kind().refusal(problems).strip());
          }
          finished();
        });
  }

  private void rejected(String reason) {
    LOG.log(Level.WARNING, () -> "Filesystem config update rejected: " + reason);
  }

  private void finished() {
    reading = false;
    if (readAgain) {
      read();
    }
  }

  @Override
  public List<ResourceStatus> snapshot(String typeUrl) {
    return typeUrl.equals(topic.typeUrl()) ? topic.snapshot() : List.of();
  }

  /// There are no requests.
  @Override
  public void resumed() {}

  @Override
  public void close() {
    closed = true;
    topic.close();
    if (watching != null) {
      watching.close();
    }
    if (polling != null) {
      polling.cancel();
    }
  }
}
