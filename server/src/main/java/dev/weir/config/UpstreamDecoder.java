package dev.weir.config;

import dev.weir.config.ClusterConfig.FirstFamily;
import dev.weir.config.ClusterConfig.HappyEyeballs;
import dev.weir.config.ClusterConfig.UpstreamConfig;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerCluster;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.TransportSocketMatch;
import io.envoyproxy.envoy.config.cluster.v3.UpstreamConnectionOptions;
import java.time.Duration;

/// Makes the part of a [ClusterConfig] that says how connections are made.
final class UpstreamDecoder {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private UpstreamDecoder() {}

  static UpstreamConfig upstream(Cluster wire, Field at) throws InvalidResourceException {
    var newer = NewerFields.of(wire, NewerCluster.getDefaultInstance());
    var options = wire.getUpstreamConnectionOptions();
    var optionsAt = at.at("upstream_connection_options");
    optionsAt.withoutEffect(
        options.getSetLocalInterfaceNameOnUpstreamConnections(),
        "set_local_interface_name_on_upstream_connections");
    var keepalive =
        options.hasTcpKeepalive() ? SocketDecoder.keepalive(options.getTcpKeepalive()) : null;
    var bindAt = at.at("upstream_bind_config");
    return new UpstreamConfig(
        ScalarDecoder.duration(wire.hasConnectTimeout(), wire.getConnectTimeout(), CONNECT_TIMEOUT),
        ScalarDecoder.bufferLimit(
            wire.hasPerConnectionBufferLimitBytes(), wire.getPerConnectionBufferLimitBytes()),
        CircuitBreakersDecoder.breakers(wire.getCircuitBreakers(), at.at("circuit_breakers")),
        wire.hasTransportSocket()
            ? TransportSocketDecoder.socket(
                wire.getTransportSocket(),
                TransportSocketDecoder.Side.UPSTREAM,
                at.at("transport_socket"))
            : new TransportSocketConfig.RawBuffer(),
        new SocketConfig(keepalive, BindDecoder.options(wire.getUpstreamBindConfig(), bindAt)),
        BindDecoder.sources(wire.getUpstreamBindConfig(), "Cluster " + wire.getName(), bindAt),
        happyEyeballs(options),
        at.each(
            "transport_socket_matches",
            wire.getTransportSocketMatchesList(),
            UpstreamDecoder::transportMatch),
        ScalarDecoder.duration(
            newer.hasPerConnectionBufferHighWatermarkTimeout(),
            newer.getPerConnectionBufferHighWatermarkTimeout(),
            Duration.ZERO),
        PreconnectDecoder.preconnect(wire, at));
  }

  private static TransportSocketConfig.Match transportMatch(TransportSocketMatch wire, Field at)
      throws InvalidResourceException {
    return new TransportSocketConfig.Match(
        wire.getName(),
        MetadataDecoder.match(wire.getMatch()).criteria(),
        TransportSocketDecoder.socket(
            wire.getTransportSocket(),
            TransportSocketDecoder.Side.UPSTREAM,
            at.at("transport_socket")));
  }

  private static HappyEyeballs happyEyeballs(UpstreamConnectionOptions options) {
    if (!options.hasHappyEyeballsConfig()) {
      return HappyEyeballs.DEFAULT;
    }
    var wire = options.getHappyEyeballsConfig();
    var first =
        switch (wire.getFirstAddressFamilyVersion()) {
          case V4 -> FirstFamily.V4;
          case V6 -> FirstFamily.V6;
          case DEFAULT, UNRECOGNIZED -> FirstFamily.DEFAULT;
        };
    return new HappyEyeballs(
        first,
        ScalarDecoder.size(
            wire.hasFirstAddressFamilyCount(), wire.getFirstAddressFamilyCount(), 1));
  }
}
