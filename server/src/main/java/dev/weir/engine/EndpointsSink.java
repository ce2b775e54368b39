package dev.weir.engine;

import dev.weir.config.Checked;
import dev.weir.config.EndpointsConfig;
import dev.weir.upstream.Cluster;
import dev.weir.xds.Rejected;
import dev.weir.xds.ResourceSink;
import dev.weir.xds.Update;
import java.util.List;
import java.util.Set;

/// Hands the endpoints of one cluster on to it. Main loop only.
///
/// A bad first answer, or a source that cannot be read, counts as an answer: the cluster becomes
/// warm without hosts, so that one bad resource does not keep the server from starting.
final class EndpointsSink implements ResourceSink<Checked<EndpointsConfig>> {
  private final Cluster cluster;
  private final boolean fromFile;
  private final ConfigNotes notes;

  /// @param fromFile whether the source is a file, which is not going to come up like a server
  EndpointsSink(Cluster cluster, boolean fromFile, ConfigNotes notes) {
    this.cluster = cluster;
    this.fromFile = fromFile;
    this.notes = notes;
  }

  @Override
  public List<Rejected> apply(Update<Checked<EndpointsConfig>> update) {
    for (var changed : update.changed()) {
      notes.accepted("eds: " + changed.name(), changed.value());
      cluster.updateEndpoints(changed.value().value());
    }
    update.rejected().forEach(bad -> notes.rejected("eds: endpoints", bad));
    if (update.changed().isEmpty() && !update.rejected().isEmpty()) {
      cluster.initialFetchTimedOut();
    }
    return List.of(); // endpoints that are gone stay in force, as long as the cluster does
  }

  @Override
  public void initialFetchTimedOut(Set<String> names) {
    cluster.initialFetchTimedOut();
  }

  @Override
  public void failed(String reason) {
    if (fromFile) {
      cluster.initialFetchTimedOut();
    }
  }
}
