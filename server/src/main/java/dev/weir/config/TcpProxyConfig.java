package dev.weir.config;

import dev.weir.xds.ConfigSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A checked `extensions.filters.network.tcp_proxy.v3.TcpProxy`.
///
/// @param statPrefix names the counters `tcp.<statPrefix>.`
/// @param metadataMatch which subset of the cluster to pick from, from `metadata_match`'s
///   `envoy.lb`
/// @param hashPolicy null where the connection has no hash
/// @param tunneling null where the bytes go to the host as they are
public record TcpProxyConfig(
    String statPrefix,
    Target target,
    Timing timing,
    Attempts attempts,
    SubsetMatch metadataMatch,
    @Nullable HashPolicy hashPolicy,
    AccessLogs accessLogs,
    Opening opening,
    @Nullable TunnelingConfig tunneling)
    implements NetworkFilterConfig {

  /// One whose connections begin in the usual way.
  public TcpProxyConfig(
      String statPrefix,
      Target target,
      Timing timing,
      Attempts attempts,
      SubsetMatch metadataMatch,
      @Nullable HashPolicy hashPolicy,
      AccessLogs accessLogs) {
    this(
        statPrefix,
        target,
        timing,
        attempts,
        metadataMatch,
        hashPolicy,
        accessLogs,
        Opening.USUAL,
        null);
  }

  @Override
  public boolean decidesAdmission() {
    return false;
  }

  @Override
  public boolean terminal() {
    return true;
  }

  /// Where the bytes go: `cluster_specifier`.
  public sealed interface Target {
    /// `cluster`; it may be unknown until a connection asks for it.
    record Single(String cluster) implements Target {}

    /// `weighted_clusters`, drawn anew for each connect attempt.
    ///
    /// @param totalWeight the sum of all weights, which may be above 2^32
    record Weighted(List<Share> shares, long totalWeight) implements Target {}

    /// One cluster with its weight of at least 1, and its `metadata_match` merged over the
    /// filter's.
    record Share(String cluster, long weight, SubsetMatch metadataMatch) {}
  }

  /// How long a connection may last.
  ///
  /// @param idle without a byte either way, from the accept on; zero for ever
  /// @param maxDuration from the accept on, busy or not; zero for ever
  /// @param maxDurationJitter lengthens it by a random share of up to that many percent, 0–100
  public record Timing(Duration idle, Duration maxDuration, double maxDurationJitter) {}

  /// How often to connect.
  ///
  /// @param max attempts in total, at least 1
  /// @param backoffBase mean of the first pause, full jitter; zero tries again at once
  public record Attempts(int max, Duration backoffBase, Duration backoffMax) {}

  /// `hash_policy`.
  public sealed interface HashPolicy {
    /// The client's IP address, without its port.
    record SourceIp() implements HashPolicy {}

    /// A filter state object by its key.
    record FilterState(String key) implements HashPolicy {}
  }

  /// How a connection begins, and what may end it early.
  ///
  /// @param maxEarlyData how many bytes are read before the upstream connection stands; negative to
  ///   read none before
  /// @param onDemand how to find a cluster that is not known; null where that is the end
  /// @param checkDrain whether a connection of a draining listener ends at its next read or write
  public record Opening(
      ConnectMode connect,
      int maxEarlyData,
      @Nullable OnDemand onDemand,
      boolean checkDrain,
      ProxyTlvs tlvs) {
    /// Connects at once, reads nothing before, asks for nothing.
    public static final Opening USUAL =
        new Opening(ConnectMode.IMMEDIATE, -1, null, false, ProxyTlvs.NONE);
  }

  /// `upstream_connect_mode`: when the upstream connection is opened. A TLS handshake with the
  /// client is over before any filter sees its connection.
  public enum ConnectMode {
    IMMEDIATE,
    ON_DOWNSTREAM_DATA,
    ON_DOWNSTREAM_TLS_HANDSHAKE
  }

  /// `on_demand`: where to ask for a cluster that is not known, and how long to wait.
  public record OnDemand(ConfigSource source, Duration timeout) {}

  /// `proxy_protocol_tlvs`: what is said in PROXY headers to hosts, beside what the client said.
  public record ProxyTlvs(List<AddedTlv> added, TlvMerge merge) {
    /// Adds nothing.
    public static final ProxyTlvs NONE = new ProxyTlvs(List.of(), TlvMerge.ADD_IF_ABSENT);
  }

  /// One field to add.
  ///
  /// @param type 0–255
  public record AddedTlv(int type, TlvValue value) {}

  /// What such a field says.
  public sealed interface TlvValue {
    /// Bytes, in hexadecimal.
    record Fixed(String hex) implements TlvValue {}

    /// What an access log would print at the time of the connect.
    record Formatted(LogLayout layout) implements TlvValue {}
  }

  /// `proxy_protocol_tlv_merge_policy`.
  public enum TlvMerge {
    /// What the client said stands alone, if it said anything in a PROXY header.
    ADD_IF_ABSENT,
    /// An added field takes the place of the client's fields of its type.
    OVERWRITE_BY_TYPE_IF_EXISTS_OR_ADD,
    /// Added fields follow the client's.
    APPEND_IF_EXISTS_OR_ADD
  }
}
