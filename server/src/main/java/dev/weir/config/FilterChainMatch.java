package dev.weir.config;

import java.util.List;

/// Whom a filter chain serves (`config.listener.v3.FilterChainMatch`). An empty list or 0 matches
/// all.
///
/// @param destinationPort 1–65535, or 0 for any
/// @param serverNames lower case, `*.` only in front
/// @param transportProtocol `tls`, `raw_buffer` or empty
public record FilterChainMatch(
    int destinationPort,
    List<CidrRange> destinationRanges,
    List<String> serverNames,
    String transportProtocol,
    List<String> applicationProtocols,
    Source source) {

  /// Serves everybody.
  public static final FilterChainMatch ANY =
      new FilterChainMatch(0, List.of(), List.of(), "", List.of(), Source.ANY);

  /// Whether it asks for something that only a look into the first bytes can tell.
  public boolean asksForTls() {
    return !serverNames.isEmpty()
        || !applicationProtocols.isEmpty()
        || transportProtocol.equals("tls");
  }

  /// The levels that look at the client.
  ///
  /// @param directRanges ranges of the peer's own address, before any PROXY header
  public record Source(
      List<CidrRange> directRanges, SourceType type, List<CidrRange> ranges, List<Integer> ports) {

    /// Any client.
    public static final Source ANY = new Source(List.of(), SourceType.ANY, List.of(), List.of());
  }

  /// `FilterChainMatch.ConnectionSourceType`.
  public enum SourceType {
    ANY,
    SAME_IP_OR_LOOPBACK,
    EXTERNAL
  }
}
