package dev.weir.config;

import dev.weir.config.FilterChainMatch.SourceType;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Makes [FilterChainConfig]s.
final class FilterChainDecoder {
  private FilterChainDecoder() {}

  /// @param error what an error about the listener begins with
  static FilterChainConfig chain(FilterChain wire, String error, Field at)
      throws InvalidResourceException {
    var match = match(wire, error, at.at("filter_chain_match"));
    var transport =
        wire.hasTransportSocket()
            ? TransportSocketDecoder.socket(
                wire.getTransportSocket(),
                TransportSocketDecoder.Side.DOWNSTREAM,
                at.at("transport_socket"))
            : new TransportSocketConfig.RawBuffer();
    return new FilterChainConfig(
        wire.getName(),
        match,
        transport,
        NetworkFilterDecoder.filters(wire.getFiltersList(), at),
        ScalarDecoder.duration(
            wire.hasTransportSocketConnectTimeout(),
            wire.getTransportSocketConnectTimeout(),
            Duration.ZERO));
  }

  private static FilterChainMatch match(FilterChain chain, String error, Field at) {
    var wire = chain.getFilterChainMatch();
    at.check(
        wire.getAddressSuffix().isEmpty() && !wire.hasSuffixLen(),
        error + "filter chain '" + chain.getName() + "' contains unimplemented fields");
    return new FilterChainMatch(
        wire.getDestinationPort().getValue(),
        CidrDecoder.ranges("prefix_ranges", wire.getPrefixRangesList(), at),
        at.each(
            "server_names",
            wire.getServerNamesList(),
            (name, nameAt) -> serverName(name, error, nameAt)),
        wire.getTransportProtocol(),
        List.copyOf(wire.getApplicationProtocolsList()),
        new FilterChainMatch.Source(
            CidrDecoder.ranges(
                "direct_source_prefix_ranges", wire.getDirectSourcePrefixRangesList(), at),
            sourceType(wire),
            CidrDecoder.ranges("source_prefix_ranges", wire.getSourcePrefixRangesList(), at),
            List.copyOf(wire.getSourcePortsList())));
  }

  private static String serverName(String name, String error, Field at) {
    at.check(
        name.indexOf('*') < 0 || name.startsWith("*."),
        error + "partial wildcards are not supported in \"server_names\"");
    return name.toLowerCase(Locale.ROOT);
  }

  private static SourceType sourceType(
      io.envoyproxy.envoy.config.listener.v3.FilterChainMatch wire) {
    return switch (wire.getSourceType()) {
      case SAME_IP_OR_LOOPBACK -> SourceType.SAME_IP_OR_LOOPBACK;
      case EXTERNAL -> SourceType.EXTERNAL;
      case ANY, UNRECOGNIZED -> SourceType.ANY;
    };
  }
}
