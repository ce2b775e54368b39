package dev.weir.telemetry;

import java.util.List;

/// The tags that Envoy finds by itself, in its order: from the most specific to the least. Those of
/// protocols that we do not speak are left out.
final class DefaultTags {
  private static final String TOKEN = "[^\\.]+";
  private static final String ADDRESS = "\\d+\\.\\d+\\.\\d+\\.\\d+_\\d+";

  private DefaultTags() {}

  static final List<TagExtractor> ALL =
      List.of(
          RegexTag.of("envoy.response_code", "_rq_", "_rq(_(\\d{3}))$"),
          RegexTag.of("envoy.response_code_class", "_rq_", "_rq_((\\d))xx$"),
          TokenTag.of("envoy.grpc_bridge_method", "cluster.*.grpc.*.$.**"),
          TokenTag.of("envoy.http_user_agent", "http.*.user_agent.$.**"),
          TokenTag.of("envoy.virtual_cluster", "vhost.*.vcluster.$.**"),
          TokenTag.of("envoy.fault_downstream_cluster", "http.*.fault.$.**"),
          RegexTag.of(
              "envoy.ssl_cipher",
              ".ssl.ciphers.",
              "^listener\\..*?\\.ssl\\.ciphers(\\.([\\w-]+))$"),
          RegexTag.of(
              "envoy.ssl_curve",
              ".ssl.curves.",
              "^(?:listener|cluster)\\..*?\\.ssl\\.curves(\\.([\\w-]+))$"),
          RegexTag.of(
              "envoy.ssl_sigalg",
              ".ssl.sigalgs.",
              "^(?:listener|cluster)\\..*?\\.ssl\\.sigalgs(\\.([\\w-]+))$"),
          RegexTag.of(
              "envoy.ssl_version",
              ".ssl.versions.",
              "^(?:listener|cluster)\\..*?\\.ssl\\.versions(\\.([\\w.-]+))$"),
          RegexTag.of(
              "cipher_suite", ".ssl.ciphers.", "^cluster\\..*?\\.ssl\\.ciphers(\\.([\\w-]+))$"),
          RegexTag.of(
              "envoy.tls_certificate",
              ".ssl.certificate.",
              "^(?:listener|cluster)\\..*?\\.ssl\\.certificate(\\.(" + TOKEN + "))\\."),
          TokenTag.of("envoy.grpc_bridge_service", "cluster.*.grpc.$.**"),
          TokenTag.of("envoy.tcp_prefix", "tcp.$.**"),
          TokenTag.of("envoy.udp_prefix", "udp.$.**"),
          TokenTag.of("envoy.clientssl_prefix", "auth.clientssl.$.**"),
          TokenTag.of("envoy.ratelimit_prefix", "ratelimit.$.**"),
          RegexTag.of(
              "envoy.rds_route_config",
              ".rds.",
              "^http\\.(?:" + TOKEN + ")\\.rds\\.(([\\w-\\.]+)\\.)\\w+?$"),
          RegexTag.of(
              "envoy.scoped_rds_config",
              ".scoped_rds.",
              "^http\\.(?:" + TOKEN + ")\\.scoped_rds\\.(([\\w-\\.]+)\\.)\\w+?$"),
          RegexTag.of(
              "envoy.worker_id",
              ".worker_",
              "^(?:listener\\.(?:" + ADDRESS + "|" + TOKEN + ")|\\w+)\\.worker(_(\\d+))\\."),
          TokenTag.of("envoy.cluster_name", "cluster.$.**"),
          TokenTag.of("envoy.subset_selector", "subset_selector.$.**"),
          RegexTag.of(
              "envoy.cluster_name",
              "subset_selector.",
              "^subset_selector\\.(?:" + TOKEN + ")\\.((.+)\\.)\\w+$"),
          RegexTag.of(
              "envoy.http_conn_manager_prefix",
              ".http.",
              "^listener\\..*?\\.http\\.((" + TOKEN + ")\\.)"),
          TokenTag.of("envoy.http_conn_manager_prefix", "http.$.**"),
          RegexTag.of(
              "envoy.listener_address",
              "listener.",
              "^listener\\.(((?:" + ADDRESS + "|(?!admin\\.)" + TOKEN + "))\\.)"),
          TokenTag.of("envoy.virtual_host", "vhost.$.**"),
          TokenTag.of("envoy.route", "vhost.*.route.$.**"),
          TokenTag.of("envoy.xds_resource_name", "sds.$.**"),
          TokenTag.of("envoy.ext_authz_prefix", "ext_authz.$.**"),
          TokenTag.of("envoy.local_http_ratelimit_prefix", "$.http_local_rate_limit.**"),
          TokenTag.of("envoy.local_network_ratelimit_prefix", "local_rate_limit.$.**"),
          TokenTag.of("envoy.local_listener_ratelimit_prefix", "listener_local_ratelimit.$.**"),
          TokenTag.of("envoy.dns_filter_prefix", "dns_filter.$.**"),
          TokenTag.of("envoy.connection_limit_prefix", "connection_limit.$.**"),
          TokenTag.of("envoy.rbac_prefix", "$.rbac.**"),
          RegexTag.of(
              "envoy.proxy_protocol_prefix",
              "proxy_proto.",
              "^proxy_proto\\.(((?!versions\\.)" + TOKEN + ")\\.)"),
          RegexTag.of(
              "envoy.proxy_protocol_version",
              "proxy_proto.",
              "^proxy_proto\\.(?:" + TOKEN + "\\.)?(versions\\.v(\\d)\\.)"));
}
