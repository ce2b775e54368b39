package dev.weir.bootstrap;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weir.bootstrap.BootstrapLoader.NodeOverrides;
import dev.weir.bootstrap.BootstrapLoader.Request;
import dev.weir.config.Mutations;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is wrong with a start configuration, it is said in the way that it always is.
class BootstrapMutationTest {
  @TempDir Path folder;

  @Test
  void bootstraps() throws Exception {
    var valid =
        WireText.parse(
                """
                node: { id: me, cluster: c, locality: { zone: z } }
                admin:
                  address: { socket_address: { address: 127.0.0.1, port_value: 1 } }
                  access_log_path: /dev/null
                static_resources:
                  clusters:
                  - name: xds
                    connect_timeout: 1s
                    http2_protocol_options: { connection_keepalive: { interval: 5s } }
                    transport_socket:
                      name: tls
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                        sni: s
                        common_tls_context:
                          tls_certificates: [{ certificate_chain: { filename: a }, private_key: { inline_bytes: YQ== } }]
                          validation_context:
                            trusted_ca: { inline_string: x }
                            match_typed_subject_alt_names: [{ san_type: URI, matcher: { prefix: x } }]
                    load_assignment:
                      cluster_name: xds
                      endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: /x } } } }] }]
                  secrets: [{ name: a, generic_secret: {} }]
                dynamic_resources:
                  ads_config:
                    api_type: GRPC
                    grpc_services: [{ envoy_grpc: { cluster_name: xds, authority: a } }]
                  cds_config: { ads: {} }
                  lds_config: { path_config_source: { path: / } }
                cluster_manager:
                  local_cluster_name: xds
                  upstream_bind_config: { source_address: { address: 127.0.0.1, port_value: 0 } }
                stats_config: { stats_tags: [{ tag_name: a, regex: b }] }
                stats_flush_interval: 1s
                layered_runtime: { layers: [{ name: a, static_layer: {} }] }
                typed_dns_resolver_config:
                  name: r
                  typed_config: { "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig }
                """,
                WireFormat.YAML,
                Bootstrap.getDefaultInstance(),
                OnUnknown.REJECT)
            .message();
    var path = folder.resolve("b.pb");
    Mutations.run(
        valid,
        500,
        changed -> {
          Files.write(path, changed.toByteArray());
          try {
            BootstrapLoader.load(
                new Request(
                    path.toString(), "", NodeOverrides.NONE, OnUnknown.WARN, OnUnknown.WARN));
          } catch (BootstrapException e) {
            e.problems().forEach(problem -> assertFalse(problem.toString().isBlank()));
          }
        });
  }
}
