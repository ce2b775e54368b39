package dev.weir.engine;

import dev.weir.config.Checked;
import dev.weir.config.EndpointsConfig;
import dev.weir.upstream.Cluster;
import dev.weir.xds.Rejected;
import dev.weir.xds.ResourceSink;
import dev.weir.xds.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Hands the endpoints of one cluster on to it. Main loop only.
///
/// A bad first answer, or a source that cannot be read, counts as an answer: the cluster becomes
/// warm without hosts, so that one bad resource does not keep the server from starting.
final class EndpointsSink implements ResourceSink<Checked<EndpointsConfig>> {
  private final Cluster cluster;
  private final String name;
  private final boolean fromFile;
  private final ConfigNotes notes;

  /// @param name that the endpoints have to have in their message too
  /// @param fromFile whether the source is a file, which is not going to come up like a server
  EndpointsSink(Cluster cluster, String name, boolean fromFile, ConfigNotes notes) {
    this.cluster = cluster;
    this.name = name;
    this.fromFile = fromFile;
    this.notes = notes;
  }

  @Override
  public List<Rejected> apply(Update<Checked<EndpointsConfig>> update) {
    var wrong = new ArrayList<Rejected>();
    for (var changed : update.changed()) {
      var found = changed.value().value().clusterName();
      if (found.equals(name)) {
        notes.accepted("eds: " + changed.name(), changed.value());
        cluster.updateEndpoints(changed.value().value());
      } else {
        var reason = "Unexpected EDS cluster (expecting %s): %s".formatted(name, found);
        wrong.add(new Rejected(changed.name(), reason));
      }
    }
    Stream.concat(update.rejected().stream(), wrong.stream())
        .forEach(bad -> notes.rejected("eds: endpoints", bad));
    if (update.changed().size() == wrong.size() && update.rejected().size() + wrong.size() > 0) {
      cluster.initialFetchTimedOut();
    }
    return wrong; // endpoints that are gone stay in force, as long as the cluster does
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
