package dev.weir.config;

import dev.weir.xds.ConfigSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A checked `config.cluster.v3.Cluster`.
///
/// @param statName `alt_stat_name`, or the name
public record ClusterConfig(
    String name,
    String statName,
    Discovery discovery,
    LbConfig lb,
    HealthConfig health,
    UpstreamConfig upstream) {

  /// How the hosts of the cluster are found.
  public sealed interface Discovery {
    /// `STATIC`: the addresses are in the configuration.
    record Static(EndpointsConfig endpoints) implements Discovery {}

    /// `STRICT_DNS`: every address of every name is a host.
    record StrictDns(EndpointsConfig endpoints, DnsConfig dns) implements Discovery {}

    /// `LOGICAL_DNS`: one name, of which a new connection takes the first address.
    record LogicalDns(EndpointsConfig endpoints, DnsConfig dns) implements Discovery {}

    /// `EDS`.
    ///
    /// @param serviceName the resource to ask for
    record Eds(ConfigSource source, String serviceName) implements Discovery {}
  }

  /// How names are resolved, and how often.
  public record DnsConfig(
      LookupFamily family,
      Duration refreshRate,
      Duration failureBase,
      Duration failureMax,
      Duration jitter,
      Options options) {

    /// What tempers the resolving.
    ///
    /// @param respectTtl the answer's TTL goes before `refreshRate`
    /// @param minRefreshRate below which no TTL goes
    /// @param warmOnInit whether the cluster waits for its first answers
    public record Options(boolean respectTtl, Duration minRefreshRate, boolean warmOnInit) {}
  }

  /// `Cluster.DnsLookupFamily`.
  public enum LookupFamily {
    AUTO,
    V4_ONLY,
    V6_ONLY,
    V4_PREFERRED,
    ALL
  }

  /// How connections to the hosts are made and limited.
  ///
  /// @param bufferLimit `per_connection_buffer_limit_bytes`, in bytes
  /// @param bind the local address to connect from; null for any
  public record UpstreamConfig(
      Duration connectTimeout,
      int bufferLimit,
      CircuitBreakersConfig circuitBreakers,
      TransportSocketConfig transportSocket,
      SocketConfig socket,
      @Nullable Address bind) {}
}
