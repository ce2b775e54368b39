package dev.weir.proto;

import static java.util.Map.entry;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Fields that are newer than the API jar.
///
/// To the jar's classes they are unknown fields. For each message that has some, `src/main/proto`
/// holds a companion with the same field numbers (`dev.weir.proto.newer.NewerCluster` for a
/// cluster), with which they are read, printed and checked as if they were fields of the message
/// itself. Once the jar knows them, the companion goes. Any thread may call.
public final class NewerFields {
  private static final String HCM =
      "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
  private static final String COMPRESSOR = "envoy.extensions.filters.http.compressor.v3.";
  private static final String EXT_AUTHZ = "envoy.extensions.filters.http.ext_authz.v3.";
  private static final String TCP_PROXY = "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";
  private static final String PROXY_PROTOCOL =
      "envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol";
  private static final String LB = "envoy.extensions.load_balancing_policies.";
  private static final String TLS = "envoy.extensions.transport_sockets.";

  /// The companion's name in `dev.weir.newer` by the full name of the message it completes.
  static final Map<String, String> COMPANIONS =
      Map.ofEntries(
          entry("envoy.admin.v3.CommandLineOptions", "NewerCommandLineOptions"),
          entry("envoy.admin.v3.HostHealthStatus", "NewerHostHealthStatus"),
          entry("envoy.admin.v3.ServerInfo", "NewerServerInfo"),
          entry("envoy.config.accesslog.v3.ComparisonFilter", "NewerComparisonFilter"),
          entry("envoy.config.accesslog.v3.LogTypeFilter", "NewerLogTypeFilter"),
          entry("envoy.config.bootstrap.v3.Admin", "NewerAdmin"),
          entry("envoy.config.bootstrap.v3.Bootstrap", "NewerBootstrap"),
          entry("envoy.config.bootstrap.v3.MemoryAllocatorManager", "NewerMemoryAllocatorManager"),
          entry(
              "envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget", "NewerRetryBudget"),
          entry("envoy.config.cluster.v3.Cluster", "NewerCluster"),
          entry("envoy.config.cluster.v3.Cluster.PreconnectPolicy", "NewerPreconnectPolicy"),
          entry("envoy.config.cluster.v3.OutlierDetection", "NewerOutlierDetection"),
          entry(
              "envoy.config.cluster.v3.UpstreamConnectionOptions.HappyEyeballsConfig",
              "NewerHappyEyeballsConfig"),
          entry("envoy.config.core.v3.BindConfig", "NewerBindConfig"),
          entry("envoy.config.core.v3.HealthCheck", "NewerHealthCheck"),
          entry("envoy.config.core.v3.HealthCheck.HttpHealthCheck", "NewerHttpHealthCheck"),
          entry("envoy.config.core.v3.Http2ProtocolOptions", "NewerHttp2ProtocolOptions"),
          entry("envoy.config.core.v3.HttpProtocolOptions", "NewerHttpProtocolOptions"),
          entry("envoy.config.core.v3.PathConfigSource", "NewerPathConfigSource"),
          entry("envoy.config.core.v3.RuntimeDouble", "NewerRuntimeDouble"),
          entry("envoy.config.core.v3.RuntimeFeatureFlag", "NewerRuntimeFeatureFlag"),
          entry("envoy.config.core.v3.RuntimePercent", "NewerRuntimePercent"),
          entry("envoy.config.core.v3.RuntimeUInt32", "NewerRuntimeUInt32"),
          entry("envoy.config.core.v3.SocketOption", "NewerSocketOption"),
          entry("envoy.config.core.v3.TlvEntry", "NewerTlvEntry"),
          entry("envoy.config.core.v3.WatchedDirectory", "NewerWatchedDirectory"),
          entry("envoy.config.endpoint.v3.Endpoint", "NewerEndpoint"),
          entry("envoy.config.listener.v3.AdditionalAddress", "NewerAdditionalAddress"),
          entry("envoy.config.listener.v3.Listener", "NewerListener"),
          entry(
              "envoy.config.listener.v3.Listener.ConnectionBalanceConfig",
              "NewerConnectionBalanceConfig"),
          entry("envoy.config.metrics.v3.HistogramBucketSettings", "NewerHistogramBucketSettings"),
          entry("envoy.config.route.v3.DirectResponseAction", "NewerDirectResponseAction"),
          entry("envoy.config.route.v3.RedirectAction", "NewerRedirectAction"),
          entry("envoy.config.route.v3.RetryPolicy", "NewerRetryPolicy"),
          entry("envoy.config.route.v3.Route", "NewerRoute"),
          entry("envoy.config.route.v3.RouteAction", "NewerRouteAction"),
          entry(
              "envoy.config.route.v3.RouteAction.RequestMirrorPolicy", "NewerRequestMirrorPolicy"),
          entry("envoy.config.route.v3.RouteConfiguration", "NewerRouteConfiguration"),
          entry("envoy.config.route.v3.RouteMatch", "NewerRouteMatch"),
          entry("envoy.config.route.v3.VirtualHost", "NewerVirtualHost"),
          entry("envoy.config.route.v3.WeightedCluster", "NewerWeightedCluster"),
          entry("envoy.config.trace.v3.ZipkinConfig", "NewerZipkinConfig"),
          entry(
              "envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig",
              "NewerOpenTelemetryAccessLogConfig"),
          entry("envoy.extensions.clusters.dns.v3.DnsCluster", "NewerDnsCluster"),
          entry(
              COMPRESSOR + "Compressor.ResponseDirectionConfig",
              "NewerCompressorResponseDirection"),
          entry(COMPRESSOR + "CompressorOverrides", "NewerCompressorOverrides"),
          entry(EXT_AUTHZ + "ExtAuthz", "NewerExtAuthz"),
          entry(EXT_AUTHZ + "CheckSettings", "NewerCheckSettings"),
          entry(EXT_AUTHZ + "HttpService", "NewerHttpService"),
          entry("envoy.extensions.filters.http.router.v3.Router", "NewerRouter"),
          entry(PROXY_PROTOCOL, "NewerProxyProtocol"),
          entry(PROXY_PROTOCOL + ".KeyValuePair", "NewerProxyProtocolKeyValuePair"),
          entry(
              "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
              "NewerTlsInspector"),
          entry("envoy.extensions.filters.network.ext_authz.v3.ExtAuthz", "NewerNetworkExtAuthz"),
          entry("envoy.extensions.filters.network.http_connection_manager.v3.Rds", "NewerRds"),
          entry(HCM, "NewerHttpConnectionManager"),
          entry(HCM + ".SetCurrentClientCertDetails", "NewerSetCurrentClientCertDetails"),
          entry(HCM + ".Tracing", "NewerTracing"),
          entry(
              "envoy.extensions.filters.network.set_filter_state.v3.Config", "NewerSetFilterState"),
          entry(TCP_PROXY, "NewerTcpProxy"),
          entry(TCP_PROXY + ".TcpAccessLogOptions", "NewerTcpAccessLogOptions"),
          entry(TCP_PROXY + ".TunnelingConfig", "NewerTunnelingConfig"),
          entry(
              LB + "client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin",
              "NewerClientSideWeightedRoundRobin"),
          entry(LB + "common.v3.ConsistentHashingLbConfig", "NewerConsistentHashingLbConfig"),
          entry(LB + "common.v3.LocalityLbConfig.ZoneAwareLbConfig", "NewerZoneAwareLbConfig"),
          entry(
              "envoy.extensions.matching.common_inputs.network.v3.FilterStateInput",
              "NewerFilterStateInput"),
          entry(
              "envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig",
              "NewerCaresDnsResolverConfig"),
          entry(
              "envoy.extensions.network.dns_resolver.getaddrinfo.v3.GetAddrInfoDnsResolverConfig",
              "NewerGetAddrInfoDnsResolverConfig"),
          entry(
              "envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig",
              "NewerFixedHeapConfig"),
          entry(
              TLS + "http_11_proxy.v3.Http11ProxyUpstreamTransport",
              "NewerHttp11ProxyUpstreamTransport"),
          entry(TLS + "tls.v3.CertificateValidationContext", "NewerCertificateValidationContext"),
          entry(TLS + "tls.v3.SPIFFECertValidatorConfig.TrustDomain", "NewerTrustDomain"),
          entry(TLS + "tls.v3.TlsCertificate", "NewerTlsCertificate"),
          entry(TLS + "tls.v3.TlsParameters", "NewerTlsParameters"),
          entry("envoy.service.auth.v3.CheckResponse", "NewerCheckResponse"),
          entry("envoy.type.v3.TokenBucket", "NewerTokenBucket"),
          entry("xds.type.matcher.v3.Matcher.OnMatch", "NewerOnMatch"),
          entry("envoy.type.matcher.v3.AddressMatcher", "NewerAddressMatcher"));

  private NewerFields() {}

  /// The newer fields of a message.
  ///
  /// @param owner the message that may have them
  /// @param companion any message of the companion type
  /// @return the companion; its default where none of its fields is set or their bytes are
  ///   unreadable
  @SuppressWarnings("unchecked") // a message's default and its parser are of its own type
  public static <C extends Message> C of(Message owner, C companion) {
    var read = read(owner, companion);
    return read == null ? (C) companion.getDefaultInstanceForType() : (C) read;
  }

  /// The newer fields of a message, whatever its type.
  ///
  /// @return null if it carries no fields beyond its own, its type has no companion, or their bytes
  ///   are unreadable
  static @Nullable Message of(Message owner) {
    if (owner.getUnknownFields().asMap().isEmpty()) {
      return null;
    }
    var companion = companion(owner.getDescriptorForType());
    return companion == null ? null : read(owner, companion);
  }

  /// The empty companion of a message type; null if it has none.
  static @Nullable Message companion(Descriptor owner) {
    var name = COMPANIONS.get(owner.getFullName());
    return name == null ? null : WireTypes.prototype("dev.weir.newer." + name);
  }

  /// The newer declaration of a field; the field itself if it did not change.
  static FieldDescriptor newest(FieldDescriptor field) {
    var companion = companion(field.getContainingType());
    var newer =
        companion == null
            ? null
            : companion.getDescriptorForType().findFieldByNumber(field.getNumber());
    return newer == null ? field : newer;
  }

  /// The value's name in the newest declaration of its field; null if it has none there either.
  static @Nullable String nameOf(FieldDescriptor field, EnumValueDescriptor value) {
    if (value.getIndex() >= 0) {
      return value.getName();
    }
    var newer = newest(field).getEnumType().findValueByNumber(value.getNumber());
    return newer == null ? null : newer.getName();
  }

  /// Puts the companion's fields among the owner's.
  static void store(Message companion, Message.Builder owner) {
    var fields = UnknownFieldSet.newBuilder(owner.getUnknownFields());
    try {
      fields.mergeFrom(companion.toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message wrote bytes that are none", e);
    }
    owner.setUnknownFields(fields.build());
  }

  private static @Nullable Message read(Message owner, Message companion) {
    try {
      return companion.getParserForType().parseFrom(owner.getUnknownFields().toByteString());
    } catch (InvalidProtocolBufferException _) {
      return null;
    }
  }
}
