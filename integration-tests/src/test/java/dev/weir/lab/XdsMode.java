package dev.weir.lab;

/// The two forms of the protocol.
enum XdsMode {
  SOTW("GRPC"),
  DELTA("DELTA_GRPC");

  private final String apiType;

  XdsMode(String apiType) {
    this.apiType = apiType;
  }

  /// A bootstrap that gets listeners, clusters and endpoints over one stream from this port.
  String bootstrap(int port) {
    return """
    node: { id: gateway, cluster: lab }
    dynamic_resources:
      ads_config:
        api_type: %s
        transport_api_version: V3
        grpc_services: [{ envoy_grpc: { cluster_name: control-plane } }]
      cds_config: { ads: {}, resource_api_version: V3 }
      lds_config: { ads: {}, resource_api_version: V3 }
    static_resources:
      clusters:
    %s
        typed_extension_protocol_options:
          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
            "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
            explicit_http_config: { http2_protocol_options: {} }
    """
        .formatted(apiType, Bootstraps.cluster("control-plane", port).indent(2).stripTrailing());
  }
}
