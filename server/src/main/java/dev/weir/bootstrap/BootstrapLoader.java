package dev.weir.bootstrap;

import com.google.protobuf.Any;
import dev.weir.config.ClusterConfig.Discovery;
import dev.weir.config.Field;
import dev.weir.config.Resources;
import dev.weir.config.Resources.ClusterDefaults;
import dev.weir.proto.Constraints;
import dev.weir.proto.DeprecatedFields;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.Violation;
import dev.weir.proto.WireError;
import dev.weir.xds.Authorities;
import dev.weir.xds.ClientConfig;
import dev.weir.xds.ConfigSource;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.StaticResources;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes a [Bootstrap] of files and flags, and finds all that is wrong with it.
public final class BootstrapLoader {
  private final io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap wire;
  private final Request request;
  private final Field at = Field.root("");

  private BootstrapLoader(io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap wire, Request request) {
    this.wire = wire;
    this.request = request;
  }

  /// What the command line says of the start configuration.
  ///
  /// @param configPath the file, empty for none
  /// @param configYaml YAML or JSON that is merged over the file; empty for none
  /// @param inStatic what to do about unknown fields here
  /// @param inDynamic what to do about unknown fields in what is pushed
  public record Request(
      String configPath,
      String configYaml,
      NodeOverrides node,
      OnUnknown inStatic,
      OnUnknown inDynamic) {}

  /// Flags that replace fields of the node; an empty one replaces nothing.
  public record NodeOverrides(String id, String cluster, String zone) {
    /// Nothing is replaced.
    public static final NodeOverrides NONE = new NodeOverrides("", "", "");
  }

  /// Reads and checks all of it.
  ///
  /// @throws BootstrapException with all problems that were found
  public static Bootstrap load(Request request) throws BootstrapException {
    var text = BootstrapText.read(request);
    var loader = new BootstrapLoader(text.message(), request);
    var bootstrap = loader.decode(text);
    var problems = new LinkedHashSet<WireError>();
    loader.at.problems().forEach(problem -> problems.add(text.positions().locate(problem)));
    if (!problems.isEmpty()) {
      throw new BootstrapException(List.copyOf(problems));
    }
    return bootstrap;
  }

  /// What comes of it; of no use if there are problems.
  private Bootstrap decode(BootstrapText text) {
    at.note(Constraints.check(wire, ""));
    BootstrapRules.check(wire, at);
    var staticAt = at.at("static_resources");
    var dynamicAt = at.at("dynamic_resources");
    var dynamics = new DynamicsDecoder(wire);
    var ads = dynamics.ads(dynamicAt);
    var dynamicResources = dynamics.dynamics(dynamicAt);
    var authorities = new AuthoritiesDecoder(wire, dynamics).authorities(at);
    var defaults =
        new ClusterDefaults(wire.getClusterManager().getUpstreamBindConfig(), dnsResolver());
    var clusters = wire.getStaticResources().getClustersList();
    var statics =
        StaticsDecoder.statics(wire.getStaticResources(), defaults, controlPlanes(), staticAt);
    checkSubscriptions(statics, dynamics, authorities, staticAt);
    return new Bootstrap(
        new ClientConfig(wire.getNode(), ads, authorities, request.inDynamic()),
        ControlPlanesDecoder.controlPlanes(clusters, authorities(), controlPlanes(), staticAt),
        Resources.of(request.inDynamic(), defaults),
        statics,
        dynamicResources,
        ProcessDecoder.process(wire, at),
        Any.pack(wire),
        notes(text));
  }

  @SuppressWarnings("deprecation") // dns_resolution_config is what the typed one was before
  private TypedExtensionConfig dnsResolver() {
    if (wire.hasTypedDnsResolverConfig() || !wire.hasDnsResolutionConfig()) {
      return wire.getTypedDnsResolverConfig();
    }
    var former = wire.getDnsResolutionConfig();
    var cares =
        CaresDnsResolverConfig.newBuilder()
            .addAllResolvers(former.getResolversList())
            .setDnsResolverOptions(former.getDnsResolverOptions());
    return TypedExtensionConfig.newBuilder()
        .setName("envoy.network.dns_resolver.cares")
        .setTypedConfig(Any.pack(cares.build()))
        .build();
  }

  /// Clusters that the xDS client has to reach.
  private Set<String> controlPlanes() {
    return apis()
        .flatMap(api -> api.getGrpcServicesList().stream())
        .map(service -> service.getEnvoyGrpc().getClusterName())
        .collect(Collectors.toSet());
  }

  private Stream<ApiConfigSource> apis() {
    var dynamic = wire.getDynamicResources();
    var ofNames =
        Stream.concat(
            wire.getConfigSourcesList().stream(), Stream.of(wire.getDefaultConfigSource()));
    return Stream.concat(
        Stream.of(
            dynamic.getAdsConfig(),
            dynamic.getCdsConfig().getApiConfigSource(),
            dynamic.getLdsConfig().getApiConfigSource()),
        ofNames.map(source -> source.getApiConfigSource()));
  }

  private Map<String, String> authorities() {
    var authorities = new HashMap<String, String>();
    apis()
        .flatMap(api -> api.getGrpcServicesList().stream())
        .map(service -> service.getEnvoyGrpc())
        .filter(grpc -> !grpc.getAuthority().isEmpty())
        .forEach(grpc -> authorities.putIfAbsent(grpc.getClusterName(), grpc.getAuthority()));
    return authorities;
  }

  private static void checkSubscriptions(
      Bootstrap.Statics statics, DynamicsDecoder dynamics, Authorities authorities, Field at) {
    for (var cluster : statics.clusters()) {
      if (cluster.value().value().discovery() instanceof Discovery.Eds eds) {
        dynamics.check(eds.source(), at.at("clusters"));
        at.at("clusters")
            .check(
                !(eds.source() instanceof ConfigSource.Authority)
                    || authorities.find(eds.serviceName()) != null,
                "No valid authority was found for the given xDS-TP resource " + eds.serviceName());
      }
    }
  }

  /// The warnings of static resources go with these, and are left out here.
  private Bootstrap.Notes notes(BootstrapText text) {
    var strange = new ArrayList<>(text.strange());
    strange.addAll(at.warnings());
    var rest = wire.toBuilder().setStaticResources(StaticResources.getDefaultInstance()).build();
    var deprecated = DeprecatedFields.find(rest, "").stream().map(Violation::toString).toList();
    return new Bootstrap.Notes(strange, deprecated, text.unknown());
  }
}
