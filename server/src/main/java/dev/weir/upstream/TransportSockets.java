package dev.weir.upstream;

import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import dev.weir.transport.UpstreamTransport;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostInfo;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// The transports of a cluster, and which of them speaks to which host. Immutable; any thread.
final class TransportSockets {
  private static final String MATCHES = ".total_match_count";
  private static final String DEFAULT_MATCHES = "default" + MATCHES;

  private final List<Candidate> candidates;
  private final UpstreamTransport otherwise;
  private final ClusterStats stats;

  /// A transport for hosts that have certain metadata.
  record Candidate(String name, Map<String, MetadataValue> criteria, UpstreamTransport transport) {}

  /// @param candidates of which the first that fits counts
  /// @param otherwise for hosts that none fits
  TransportSockets(List<Candidate> candidates, UpstreamTransport otherwise, ClusterStats stats) {
    this.candidates = List.copyOf(candidates);
    this.otherwise = otherwise;
    this.stats = stats;
    candidates.forEach(match -> stats.scope().counter(match.name + MATCHES)); // shown at once
  }

  /// The transport of a host.
  UpstreamTransport of(Host host) {
    var fits = find(host.info());
    return fits < 0 ? otherwise : candidates.get(fits).transport;
  }

  /// The transport of hosts that say this of themselves.
  UpstreamTransport of(Map<String, MetadataValue> metadata) {
    int fits = find(metadata);
    return fits < 0 ? otherwise : candidates.get(fits).transport;
  }

  /// The endpoint's own metadata go before those of its locality.
  private int find(HostInfo host) {
    if (candidates.isEmpty()) {
      return -1;
    }
    int own = find(host.metadata().in(Metadata.TRANSPORT_SOCKET_MATCH));
    return own >= 0 ? own : find(host.localityMetadata().in(Metadata.TRANSPORT_SOCKET_MATCH));
  }

  private int find(Map<String, MetadataValue> metadata) {
    for (int i = 0; i < candidates.size(); i++) {
      if (metadata.entrySet().containsAll(candidates.get(i).criteria.entrySet())) {
        return i;
      }
    }
    return -1;
  }

  /// Counts that a transport was chosen for a host.
  void count(HostInfo host) {
    int fits = find(host);
    var counter = fits < 0 ? DEFAULT_MATCHES : candidates.get(fits).name + MATCHES;
    stats.scope().counter(counter).increment();
  }

  /// Completes, on any thread, when the transports of these hosts have what a handshake needs.
  /// Nobody waits for those of others.
  CompletableFuture<Void> warm(Collection<Host> hosts) {
    return CompletableFuture.allOf(
        hosts.stream()
            .map(this::of)
            .distinct()
            .map(UpstreamTransport::warm)
            .toArray(CompletableFuture<?>[]::new));
  }

  /// Gives up what they hold. Main loop.
  void close() {
    candidates.forEach(candidate -> candidate.transport.close());
    otherwise.close();
  }
}
