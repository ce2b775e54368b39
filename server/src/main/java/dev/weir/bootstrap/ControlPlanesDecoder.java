package dev.weir.bootstrap;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.config.Field;
import dev.weir.config.ScalarDecoder;
import dev.weir.proto.WireTypes;
import dev.weir.xds.ControlPlane;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes [ControlPlane]s of static clusters: the xDS client connects by itself, and only needs to
/// know where and how.
final class ControlPlanesDecoder {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(20);
  private static final String HTTP = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  private ControlPlanesDecoder() {}

  /// Those clusters that have an address of their own.
  ///
  /// @param authorities what to call a server, by the cluster's name
  /// @param needed names of those that have to be reached; of others, one that a gRPC channel could
  ///   not reach is left out
  static Map<String, ControlPlane> controlPlanes(
      List<Cluster> clusters, Map<String, String> authorities, Set<String> needed, Field at) {
    var controlPlanes = new HashMap<String, ControlPlane>();
    at.each(
            "clusters",
            clusters,
            (cluster, there) -> {
              var authority = authorities.get(cluster.getName());
              return needed.contains(cluster.getName())
                  ? controlPlane(cluster, authority, there)
                  : ifReachable(cluster, authority);
            })
        .forEach(found -> found.ifPresent(it -> controlPlanes.putIfAbsent(it.name(), it)));
    return controlPlanes;
  }

  private static Optional<ControlPlane> ifReachable(Cluster wire, @Nullable String authority) {
    var unheard = Field.root("");
    try {
      var found = controlPlane(wire, authority, unheard);
      return unheard.problems().isEmpty() ? found : Optional.empty();
    } catch (InvalidResourceException _) {
      return Optional.empty();
    }
  }

  private static Optional<ControlPlane> controlPlane(
      Cluster wire, @Nullable String authority, Field at) throws InvalidResourceException {
    var addresses =
        wire.getLoadAssignment().getEndpointsList().stream()
            .flatMap(locality -> locality.getLbEndpointsList().stream())
            .map(endpoint -> address(endpoint.getEndpoint().getAddress()))
            .flatMap(Optional::stream)
            .toList();
    if (addresses.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ControlPlane(
            wire.getName(),
            addresses,
            tls(wire, at.at("transport_socket").at("typed_config")),
            authority,
            ScalarDecoder.duration(
                wire.hasConnectTimeout(), wire.getConnectTimeout(), CONNECT_TIMEOUT),
            keepalive(wire)));
  }

  private static Optional<ControlPlane.Address> address(Address wire) {
    return switch (wire.getAddressCase()) {
      case SOCKET_ADDRESS ->
          wire.getSocketAddress().getPortValue() == 0
              ? Optional.empty()
              : Optional.of(
                  new ControlPlane.Address.Host(
                      wire.getSocketAddress().getAddress(),
                      wire.getSocketAddress().getPortValue()));
      case PIPE -> Optional.of(new ControlPlane.Address.Pipe(wire.getPipe().getPath()));
      case ENVOY_INTERNAL_ADDRESS, ADDRESS_NOT_SET -> Optional.empty();
    };
  }

  /// Whether the hosts of a cluster are spoken to over TLS.
  static boolean usesTls(Cluster wire) {
    return wire.getTransportSocket().getTypedConfig().is(UpstreamTlsContext.class);
  }

  private static ControlPlane.@Nullable Tls tls(Cluster wire, Field at)
      throws InvalidResourceException {
    return usesTls(wire)
        ? ControlPlaneTlsDecoder.tls(
            unpack(wire.getTransportSocket().getTypedConfig(), UpstreamTlsContext.class, at), at)
        : null;
  }

  private static ControlPlane.@Nullable Keepalive keepalive(Cluster wire)
      throws InvalidResourceException {
    var options = http2(wire);
    if (!options.hasConnectionKeepalive() || !options.getConnectionKeepalive().hasInterval()) {
      return null;
    }
    KeepaliveSettings settings = options.getConnectionKeepalive();
    return new ControlPlane.Keepalive(
        ScalarDecoder.duration(settings.getInterval()),
        ScalarDecoder.duration(settings.hasTimeout(), settings.getTimeout(), KEEPALIVE_TIMEOUT));
  }

  @SuppressWarnings("deprecation") // http2_protocol_options is what the typed options were before
  private static Http2ProtocolOptions http2(Cluster wire) throws InvalidResourceException {
    var typed = wire.getTypedExtensionProtocolOptionsMap().get(HTTP);
    if (typed == null) {
      return wire.getHttp2ProtocolOptions();
    }
    return unpack(typed, HttpProtocolOptions.class, Field.root("typed_extension_protocol_options"))
        .getExplicitHttpConfig()
        .getHttp2ProtocolOptions();
  }

  private static <M extends com.google.protobuf.Message> M unpack(Any any, Class<M> type, Field at)
      throws InvalidResourceException {
    try {
      return type.cast(WireTypes.unpack(any));
    } catch (InvalidProtocolBufferException | ClassCastException e) {
      throw at.invalid(String.valueOf(e.getMessage()));
    }
  }
}
