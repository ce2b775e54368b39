package dev.weir.config;

import java.time.Duration;
import java.util.List;

/// A filter chain: whom it serves, over which transport, and what happens to the bytes.
///
/// @param matchedBy its name, where a matcher chooses among the chains by their names; else empty
/// @param filters in order, the terminal one last; empty closes each connection at once
/// @param transportConnectTimeout for the transport handshake; zero for none
public record FilterChainConfig(
    String name,
    String matchedBy,
    FilterChainMatch match,
    TransportSocketConfig transportSocket,
    List<NetworkFilterConfig> filters,
    Duration transportConnectTimeout) {

  /// One that is chosen for what it asks of connections.
  public FilterChainConfig(
      String name,
      FilterChainMatch match,
      TransportSocketConfig transportSocket,
      List<NetworkFilterConfig> filters,
      Duration transportConnectTimeout) {
    this(name, "", match, transportSocket, filters, transportConnectTimeout);
  }

  /// The same, chosen by its name.
  FilterChainConfig matchedByName() {
    return new FilterChainConfig(
        name, name, FilterChainMatch.ANY, transportSocket, filters, transportConnectTimeout);
  }

  /// The part that decides who may come in, and how: as long as it stays the same, an update of the
  /// chain lets open connections live on under the configuration that they began with.
  public Admission admission() {
    return new Admission(
        matchedBy,
        match,
        transportSocket,
        filters.stream().filter(NetworkFilterConfig::decidesAdmission).toList());
  }

  /// See [#admission].
  public record Admission(
      String matchedBy,
      FilterChainMatch match,
      TransportSocketConfig transportSocket,
      List<NetworkFilterConfig> filters) {}
}
