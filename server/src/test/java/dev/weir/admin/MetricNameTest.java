package dev.weir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\'',
      textBlock =
          """
          cluster.a.upstream_cx_total; envoy_cluster_upstream_cx_total{envoy_cluster_name="a"}
          cluster.a.b.c.x; envoy_cluster_b_c_x{envoy_cluster_name="a"}
          cluster.out|90||tcp-echo.ns.x; envoy_cluster_ns_x{envoy_cluster_name="out|90||tcp-echo"}
          cluster.a.upstream_rq_200; envoy_cluster_upstream_rq{envoy_response_code="200",envoy_cluster_name="a"}
          cluster_manager.active_clusters; envoy_cluster_manager_active_clusters{}
          tcp.out||v2|.idle_timeout; envoy_tcp_idle_timeout{envoy_tcp_prefix="out||v2|"}
          tcp.a..b.x; envoy_tcp__b_x{envoy_tcp_prefix="a"}
          tcp..a.x; envoy_tcp_a_x{envoy_tcp_prefix=""}
          tcp.x%y"z.a; envoy_tcp_a{envoy_tcp_prefix="x%y\\"z"}
          tcp.A-b_c.9.x; envoy_tcp_9_x{envoy_tcp_prefix="A-b_c"}
          listener.127.0.0.1_80.x; envoy_listener_x{envoy_listener_address="127.0.0.1_80"}
          listener.[__1]_80.x; envoy_listener_x{envoy_listener_address="[__1]_80"}
          listener.0.0.0.0_80.worker_3.x; envoy_listener_worker_x{envoy_worker_id="3",envoy_listener_address="0.0.0.0_80"}
          listener.my.lis|ten.x; envoy_listener_lis_ten_x{envoy_listener_address="my"}
          listener.my.lis|ten.worker_0.x; envoy_listener_lis_ten_worker_0_x{envoy_listener_address="my"}
          listener.admin.x; envoy_listener_admin_x{}
          listener.admin.http.admin.downstream_rq_5xx; envoy_listener_admin_http_downstream_rq_xx{envoy_response_code_class="5",envoy_http_conn_manager_prefix="admin"}
          http.admin.downstream_rq_2xx; envoy_http_downstream_rq_xx{envoy_response_code_class="2",envoy_http_conn_manager_prefix="admin"}
          server.worker_0.watchdog_miss; envoy_server_worker_watchdog_miss{envoy_worker_id="0"}
          server.main_thread.watchdog_miss; envoy_server_main_thread_watchdog_miss{}
          listener_manager.lds.update_time; envoy_listener_manager_lds_update_time{}
          """)
  void whatVariesBecomesALabel(String name, String expected) {
    var metric = MetricName.of(name);
    assertEquals(expected, metric.metric() + "{" + metric.labels() + "}");
  }
}
