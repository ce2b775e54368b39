package dev.weir.config;

import com.google.protobuf.Message;
import dev.weir.config.http.RouteTableConfig;
import dev.weir.config.http.RouteTableDecoder;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.Screening;
import dev.weir.proto.UnknownFields;
import dev.weir.proto.Violation;
import dev.weir.xds.InvalidResourceException;
import dev.weir.xds.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.function.Function;

/// The kinds of resources that a control plane can push: how each is named, and who decodes it.
///
/// @param listeners LDS
/// @param clusters CDS
/// @param endpoints EDS
/// @param routes RDS
/// @param secrets SDS
/// @param extensions ECDS
public record Resources(
    ResourceType<Listener, Checked<ListenerConfig>> listeners,
    ResourceType<Cluster, Checked<ClusterConfig>> clusters,
    ResourceType<ClusterLoadAssignment, Checked<EndpointsConfig>> endpoints,
    ResourceType<RouteConfiguration, Checked<RouteTableConfig>> routes,
    ResourceType<Secret, Checked<SecretConfig>> secrets,
    ResourceType<TypedExtensionConfig, Checked<ExtensionConfig>> extensions) {

  private static final String PREFIX = "type.googleapis.com/";

  /// What the start configuration says for clusters that do not say it themselves. A default
  /// instance says nothing.
  ///
  /// @param bind `cluster_manager.upstream_bind_config`
  /// @param dnsResolver `typed_dns_resolver_config`
  public record ClusterDefaults(BindConfig bind, TypedExtensionConfig dnsResolver) {
    /// Says nothing.
    public static final ClusterDefaults NONE =
        new ClusterDefaults(
            BindConfig.getDefaultInstance(), TypedExtensionConfig.getDefaultInstance());

    /// The cluster with what it does not say itself.
    public Cluster fill(Cluster wire) {
      boolean bindsItself = wire.hasUpstreamBindConfig() || !isSet(bind);
      boolean resolvesItself = hasResolver(wire) || !isSet(dnsResolver);
      if (bindsItself && resolvesItself) {
        return wire;
      }
      var filled = wire.toBuilder();
      if (!bindsItself) {
        filled.setUpstreamBindConfig(bind);
      }
      if (!resolvesItself) {
        filled.setTypedDnsResolverConfig(dnsResolver);
      }
      return filled.build();
    }

    private static boolean isSet(Message message) {
      return !message.equals(message.getDefaultInstanceForType());
    }

    @SuppressWarnings("deprecation") // former ways to name resolvers
    private static boolean hasResolver(Cluster wire) {
      return wire.hasTypedDnsResolverConfig()
          || wire.hasDnsResolutionConfig()
          || wire.getDnsResolversCount() > 0;
    }
  }

  /// Decoders that treat fields and enum values which nobody knows as the flags say.
  public static Resources of(OnUnknown onUnknown, ClusterDefaults defaults) {
    return new Resources(
        type(Listener.getDefaultInstance(), Listener::getName, onUnknown, ListenerDecoder::decode),
        type(
            Cluster.getDefaultInstance(),
            Cluster::getName,
            onUnknown,
            (wire, path) -> ClusterDecoder.decode(defaults.fill(wire), path)),
        type(
            ClusterLoadAssignment.getDefaultInstance(),
            ClusterLoadAssignment::getClusterName,
            onUnknown,
            EndpointsDecoder::decode),
        type(
            RouteConfiguration.getDefaultInstance(),
            RouteConfiguration::getName,
            onUnknown,
            RouteTableDecoder::decode),
        type(Secret.getDefaultInstance(), Secret::getName, onUnknown, SecretDecoder::decode),
        type(
            TypedExtensionConfig.getDefaultInstance(),
            TypedExtensionConfig::getName,
            onUnknown,
            ExtensionConfigDecoder::decode));
  }

  /// As above, without defaults.
  public static Resources of(OnUnknown onUnknown) {
    return of(onUnknown, ClusterDefaults.NONE);
  }

  private interface PathDecoder<M, T> {
    Checked<T> decode(M wire, String path) throws InvalidResourceException;
  }

  private static <M extends Message, T> ResourceType<M, Checked<T>> type(
      M prototype, Function<M, String> nameOf, OnUnknown onUnknown, PathDecoder<M, T> decoder) {
    @SuppressWarnings("unchecked") // the class of an M
    var wireClass = (Class<M>) prototype.getClass();
    return new ResourceType<>(
        PREFIX + prototype.getDescriptorForType().getFullName(),
        wireClass,
        nameOf,
        wire -> withUnknown(wire, onUnknown, decoder));
  }

  private static <M extends Message, T> Checked<T> withUnknown(
      M wire, OnUnknown onUnknown, PathDecoder<M, T> decoder) throws InvalidResourceException {
    if (onUnknown == OnUnknown.IGNORE || Screening.passes(wire)) {
      return decoder.decode(wire, "");
    }
    var unknown = UnknownFields.find(wire, "");
    if (onUnknown == OnUnknown.REJECT && !unknown.isEmpty()) {
      throw InvalidResourceException.malformed(unknown);
    }
    var checked = decoder.decode(wire, "");
    return unknown.isEmpty()
        ? checked
        : new Checked<>(
            checked.value(),
            checked.warnings(),
            checked.deprecated(),
            unknown.stream().map(Violation::toString).toList());
  }
}
