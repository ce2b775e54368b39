package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.StatsConfig;
import dev.weir.config.StatsConfig.StatTag;
import dev.weir.config.StatsConfig.StatsFilter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagsTest {

  /// A name, what is left of it, and the tags; as Envoy 1.40 shows them to Prometheus.
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      nullValues = "none",
      textBlock =
          """
          cluster.a.upstream_cx_total cluster.upstream_cx_total envoy.cluster_name=a
          cluster.out|90||echo.ns.svc.x cluster.ns.svc.x envoy.cluster_name=out|90||echo
          cluster.a.upstream_rq_502 cluster.upstream_rq envoy.response_code=502,envoy.cluster_name=a
          cluster.a.internal.upstream_rq_5xx cluster.internal.upstream_rq_xx envoy.response_code_class=5,envoy.cluster_name=a
          cluster.a.ssl.certificate.sec.ret.days cluster.ssl.certificate.ret.days envoy.tls_certificate=sec,envoy.cluster_name=a
          cluster_manager.active_clusters cluster_manager.active_clusters none
          tcp.out||v2|.idle_timeout tcp.idle_timeout envoy.tcp_prefix=out||v2|
          tcp.a..b.x tcp..b.x envoy.tcp_prefix=a
          tcp..a.x tcp.a.x envoy.tcp_prefix=
          listener.127.0.0.1_80.x listener.x envoy.listener_address=127.0.0.1_80
          listener.[__1]_80.x listener.x envoy.listener_address=[__1]_80
          listener.0.0.0.0_80.worker_3.x listener.worker.x envoy.worker_id=3,envoy.listener_address=0.0.0.0_80
          listener.[__1]_80.worker_0.x listener.worker.x envoy.worker_id=0,envoy.listener_address=[__1]_80
          listener.my.lis|ten.x listener.lis|ten.x envoy.listener_address=my
          listener.my.lis|ten.worker_0.x listener.lis|ten.worker_0.x envoy.listener_address=my
          listener.127.0.0.1_80.http.in.gress.downstream_rq_1xx listener.http.gress.downstream_rq_xx envoy.response_code_class=1,envoy.http_conn_manager_prefix=in,envoy.listener_address=127.0.0.1_80
          listener.127.0.0.1_80.ssl.ciphers.TLS_AES_256_GCM_SHA384 listener.ssl.ciphers envoy.ssl_cipher=TLS_AES_256_GCM_SHA384,envoy.listener_address=127.0.0.1_80
          listener.127.0.0.1_80.ssl.versions.TLSv1.3 listener.ssl.versions envoy.ssl_version=TLSv1.3,envoy.listener_address=127.0.0.1_80
          listener.127.0.0.1_80.ssl.curves.X25519 listener.ssl.curves envoy.ssl_curve=X25519,envoy.listener_address=127.0.0.1_80
          listener.admin.x listener.admin.x none
          listener.admin.main_thread.x listener.admin.main_thread.x none
          listener.admin.http.admin.downstream_rq_5xx listener.admin.http.downstream_rq_xx envoy.response_code_class=5,envoy.http_conn_manager_prefix=admin
          listener_manager.lds.update_time listener_manager.lds.update_time none
          http.in.gress.x http.gress.x envoy.http_conn_manager_prefix=in
          http.ing.rds.rc.one.version http.rds.version envoy.rds_route_config=rc.one,envoy.http_conn_manager_prefix=ing
          server.worker_0.watchdog_miss server.worker.watchdog_miss envoy.worker_id=0
          server.main_thread.watchdog_miss server.main_thread.watchdog_miss none
          thread_local_cluster_manager.worker_1.clusters_inflated thread_local_cluster_manager.worker.clusters_inflated envoy.worker_id=1
          my.rbac.rbac.allowed rbac.rbac.allowed envoy.rbac_prefix=my
          connection_limit.cl.one.limited_connections connection_limit.one.limited_connections envoy.connection_limit_prefix=cl
          local_rate_limit.lr.rate_limited local_rate_limit.rate_limited envoy.local_network_ratelimit_prefix=lr
          ratelimit.rl.one.total ratelimit.one.total envoy.ratelimit_prefix=rl
          vhost.v.vcluster.vc.upstream_rq_retry vhost.vcluster.upstream_rq_retry envoy.virtual_cluster=vc,envoy.virtual_host=v
          sds.sec.ret.update_success sds.ret.update_success envoy.xds_resource_name=sec
          proxy_proto.pps.versions.v1.found proxy_proto.found envoy.proxy_protocol_prefix=pps,envoy.proxy_protocol_version=1
          proxy_proto.versions.v2.error proxy_proto.error envoy.proxy_protocol_version=2
          proxy_proto.not_found_allowed proxy_proto.not_found_allowed none
          """)
  void envoysOwnTagsAreFound(String name, String rest, String tags) {
    assertExtracted(StatsConfig.DEFAULT, name, rest, tags == null ? "" : tags);
  }

  /// The tags that istiod's bootstrap asks for, in place of Envoy's own.
  private static final StatsConfig ISTIO =
      config(
          new StatTag.Extracted("cluster_name", "^cluster(\\.(.+);)"),
          new StatTag.Extracted(
              "http_conn_manager_prefix",
              "^http\\.(((?:[_.[:digit:]\\w]*|[_\\[\\]aAbBcCdDeEfF[:digit:]\\w\\:]*));\\.)"),
          new StatTag.Extracted("tcp_prefix", "^tcp\\.((.*?)\\.)\\w+?$"),
          new StatTag.Extracted("response_code", "_rq(_(\\d{3}))$"),
          new StatTag.Extracted("response_code_class", "_rq(_(\\dxx))$"),
          new StatTag.Extracted(
              "http_conn_manager_listener_prefix",
              "^listener(?=\\.).*?\\.http\\.(((?:[_.[:digit:]]*|[_\\[\\]aAbBcCdDeEfF[:digit:]]*))\\.)"),
          new StatTag.Extracted(
              "listener_address",
              "^listener\\.(((?:[_.[:digit:]]*|[_\\[\\]aAbBcCdDeEfF[:digit:]]*))\\.)"),
          new StatTag.Extracted("authz_enforce_result", "rbac(\\.(allowed|denied))"),
          new StatTag.Fixed("fixed", "f"),
          new StatTag.Known("envoy.cluster_name"));

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      textBlock =
          """
          cluster.outbound|80|v1|svc.ns.local;.x cluster.x cluster_name=outbound|80|v1|svc.ns.local,fixed=f,envoy.cluster_name=outbound|80|v1|svc
          cluster.plain.x cluster.x fixed=f,envoy.cluster_name=plain
          http.0.0.0.0_80;.x http.x fixed=f,http_conn_manager_prefix=0.0.0.0_80
          http.admin.downstream_rq_2xx http.admin.downstream_rq response_code_class=2xx,fixed=f
          tcp.outbound|80|v1|svc.ns.local.x tcp.x fixed=f,tcp_prefix=outbound|80|v1|svc.ns.local
          listener.127.0.0.1_80.x listener.x fixed=f,listener_address=127.0.0.1_80
          listener.[__1]_80.worker_0.x listener.worker_0.x fixed=f,listener_address=[__1]_80
          listener.127.0.0.1_80.http.0.0.0.0_80;.rq listener.http.0_80;.rq fixed=f,http_conn_manager_listener_prefix=0.0.0,listener_address=127.0.0.1_80
          my.rbac.allowed my.rbac authz_enforce_result=allowed,fixed=f
          """)
  void configuredTagsAreFoundInstead(String name, String rest, String tags) {
    assertExtracted(ISTIO, name, rest, tags);
  }

  @Test
  void configuredTagsComeOnTopOfEnvoysOwn() {
    var both =
        new StatsConfig(
            StatsFilter.ALL, true, List.of(new StatTag.Extracted("half", "_(h)_")), List.of());
    assertExtracted(both, "tcp.a.x_h_y", "tcp.x__y", "half=h,envoy.tcp_prefix=a");
  }

  private static StatsConfig config(StatTag... tags) {
    return new StatsConfig(StatsFilter.ALL, false, List.of(tags), List.of());
  }

  private static void assertExtracted(StatsConfig config, String name, String rest, String tags) {
    var found = Tags.of(config).extract(name);
    var text = new StringBuilder();
    for (var tag : found.tags()) {
      text.append(text.isEmpty() ? "" : ",").append(tag.name()).append('=').append(tag.value());
    }
    assertEquals(rest, found.name());
    assertEquals(tags, text.toString());
  }
}
