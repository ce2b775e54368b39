package dev.weir.config.http;

import dev.weir.config.Metadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A checked `config.route.v3.RouteConfiguration`.
///
/// @param overrides what the filters are told for all its routes
/// @param mirrors for virtual hosts that have none themselves
/// @param options how routes are looked for
public record RouteTableConfig(
    String name,
    List<VirtualHostConfig> hosts,
    HeaderRules headers,
    FilterOverrides overrides,
    Metadata metadata,
    List<MirrorPolicy> mirrors,
    Options options) {

  /// How routes are looked for, and what else goes for all of them.
  ///
  /// @param mostSpecificWins whether a route's header changes come after its virtual host's
  /// @param ignorePort whether the port of the host is left out of account
  /// @param ignorePathParameters whether `;…` in a path is left out of account
  /// @param validateClusters whether clusters have to exist; null to do as is usual where the table
  ///   comes from
  /// @param internalOnlyHeaders removed from requests that come from outside, in lower case
  public record Options(
      boolean mostSpecificWins,
      boolean ignorePort,
      boolean ignorePathParameters,
      List<String> internalOnlyHeaders,
      @Nullable Boolean validateClusters) {}
}
