package dev.weir.config;

import dev.weir.xds.ConfigSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A checked `config.cluster.v3.Cluster`.
///
/// @param statName `alt_stat_name`, or the name
/// @param metadata for logs, metrics and matchers
public record ClusterConfig(
    String name,
    String statName,
    Discovery discovery,
    LbConfig lb,
    HealthConfig health,
    UpstreamConfig upstream,
    UpstreamHttpConfig http,
    Metadata metadata) {

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

    /// `ORIGINAL_DST`: whatever a connection was going to before it was redirected is a host.
    ///
    /// @param port in place of the destination's; 0 for that
    /// @param metadata the dynamic metadata that name the destination; null for none
    /// @param cleanupInterval after which a host that is not used any more is forgotten
    record OriginalDst(int port, @Nullable MetadataPath metadata, Duration cleanupInterval)
        implements Discovery {}

    /// `envoy.clusters.aggregate`: the hosts of other clusters, whose priorities follow one
    /// another.
    ///
    /// @param clusters by name; those that do not exist are left out
    record Aggregate(List<String> clusters) implements Discovery {}

    /// `envoy.clusters.dynamic_forward_proxy`: whatever name a connection asks for is a host.
    ///
    /// @param cache where names are looked up
    record DynamicForward(DnsCacheConfig cache) implements Discovery {}

    /// Whether the hosts come with a way to choose among them.
    default boolean bringsBalancer() {
      return switch (this) {
        case Static _, StrictDns _, LogicalDns _, Eds _ -> false;
        case OriginalDst _, Aggregate _, DynamicForward _ -> true;
      };
    }
  }

  /// A place in dynamic metadata (`type.metadata.v3.MetadataKey`).
  public record MetadataPath(String namespace, List<String> keys) {}

  /// A cache of names that clients ask for
  /// (`extensions.common.dynamic_forward_proxy.v3.DnsCacheConfig`). Filters and clusters that name
  /// the same cache share it.
  ///
  /// @param hostTtl how long a name is kept that nobody asks for
  /// @param maxHosts how many names are kept
  /// @param maxPending how many may be looked up at once
  /// @param queryTimeout how long a client waits for an answer; zero for ever
  /// @param preresolved names that are looked up before anybody asks
  public record DnsCacheConfig(
      String name,
      DnsConfig dns,
      Duration hostTtl,
      int maxHosts,
      int maxPending,
      Duration queryTimeout,
      List<Address.Socket> preresolved) {}

  /// How names are resolved, and how often.
  public record DnsConfig(
      LookupFamily family,
      Duration refreshRate,
      Duration failureBase,
      Duration failureMax,
      Duration jitter,
      Options options) {

    /// The same, by the answers' TTL from this least time on.
    DnsConfig respectingTtl(Duration least) {
      return new DnsConfig(
          family,
          refreshRate,
          failureBase,
          failureMax,
          jitter,
          new Options(true, least, options.warmOnInit, options.useTcp, options.servers));
    }

    /// What tempers the resolving.
    ///
    /// @param respectTtl the answer's TTL goes before `refreshRate`
    /// @param minRefreshRate below which no TTL goes
    /// @param warmOnInit whether the cluster waits for its first answers
    /// @param useTcp asks over TCP only
    /// @param servers whom to ask; empty for the system's
    public record Options(
        boolean respectTtl,
        Duration minRefreshRate,
        boolean warmOnInit,
        boolean useTcp,
        List<Address.Socket> servers) {}
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
  /// @param sources the addresses to connect from, at most one of each IP version, each used for
  ///   hosts of its version; empty for any
  /// @param highWatermarkTimeout how long more than `bufferLimit` may wait to be written; zero for
  ///   ever
  /// @param transportMatches of which the first that matches a host goes before `transportSocket`
  public record UpstreamConfig(
      Duration connectTimeout,
      int bufferLimit,
      CircuitBreakersConfig circuitBreakers,
      TransportSocketConfig transportSocket,
      SocketConfig socket,
      List<SourceAddress> sources,
      HappyEyeballs happyEyeballs,
      List<TransportSocketConfig.Match> transportMatches,
      Duration highWatermarkTimeout,
      PreconnectConfig preconnect) {

    /// One with the same transport for all hosts, and no connections ahead of need.
    public UpstreamConfig(
        Duration connectTimeout,
        int bufferLimit,
        CircuitBreakersConfig circuitBreakers,
        TransportSocketConfig transportSocket,
        SocketConfig socket,
        List<SourceAddress> sources,
        HappyEyeballs happyEyeballs) {
      this(
          connectTimeout,
          bufferLimit,
          circuitBreakers,
          transportSocket,
          socket,
          sources,
          happyEyeballs,
          List.of(),
          Duration.ZERO,
          PreconnectConfig.NONE);
    }
  }

  /// One local address of `upstream_bind_config`.
  ///
  /// @param options of the socket, beside the keepalive of [UpstreamConfig#socket]
  public record SourceAddress(Address.Socket address, List<SocketConfig.Option> options) {}

  /// How the addresses of one host are tried (`UpstreamConnectionOptions.HappyEyeballsConfig`).
  ///
  /// @param firstCount how many addresses of the first version come before one of the other; at
  ///   least 1
  public record HappyEyeballs(FirstFamily first, int firstCount) {
    /// Turn by turn, beginning with the version of the first address.
    public static final HappyEyeballs DEFAULT = new HappyEyeballs(FirstFamily.DEFAULT, 1);
  }

  /// `UpstreamConnectionOptions.FirstAddressFamilyVersion`.
  public enum FirstFamily {
    DEFAULT,
    V4,
    V6
  }
}
