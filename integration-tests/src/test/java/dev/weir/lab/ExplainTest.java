package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `/explain` of a gateway, as people read it. That it says what happens is compared with what
/// happens in [PickComparisonTest].
class ExplainTest {
  private static final String TCP_PROXY =
      "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";

  private static final String BOOTSTRAP =
      """
      static_resources:
        listeners:
        - name: ingress
          address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
          listener_filters:
          - name: tls
            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector }
          filter_chains:
          - name: secure
            filter_chain_match: { transport_protocol: tls, server_names: ["*.example.com"] }
            filters:
            - name: t
              typed_config:
                "@type": TCP_PROXY
                stat_prefix: secure
                weighted_clusters: { clusters: [{ name: nowhere, weight: 1 }, { name: hosts, weight: 3 }] }
          - filter_chain_match: { source_prefix_ranges: [{ address_prefix: 10.0.0.0, prefix_len: 8 }] }
            filters:
            - name: t
              typed_config:
                "@type": TCP_PROXY
                stat_prefix: inside
                cluster: hosts
                hash_policy: [{ source_ip: {} }]
                metadata_match: { filter_metadata: { envoy.lb: { env: mark } } }
        - name: counted
          address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
          filter_chains:
          - filters:
            - name: t
              typed_config:
                "@type": TCP_PROXY
                stat_prefix: counted
                weighted_clusters:
                  clusters:
                  - { name: counted, weight: 1, metadata_match: { filter_metadata: { envoy.lb: { env: a } } } }
        - name: nobody
          address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
          filter_chains:
          - filters:
            - name: t
              typed_config:
                "@type": TCP_PROXY
                stat_prefix: nobody
                cluster: counted
                metadata_match: { filter_metadata: { envoy.lb: { env: nobody } } }
        clusters:
        - name: counted
          lb_subset_config: { subset_selectors: [{ keys: [env] }, { keys: [stage] }] }
          load_assignment:
            cluster_name: counted
            endpoints:
            - lb_endpoints:
              - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 1 } } }
                metadata: { filter_metadata: { envoy.lb: { env: a } } }
        - name: hosts
          type: STATIC
          lb_policy: RING_HASH
          lb_subset_config:
            fallback_policy: DEFAULT_SUBSET
            default_subset: { env: taobao }
            panic_mode_any: true
            scale_locality_weight: true
            subset_selectors: [{ keys: [env] }]
          load_assignment:
            cluster_name: hosts
            endpoints:
            - locality: { region: r, zone: z }
              lb_endpoints:
              - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 1001 } } }
                metadata: { filter_metadata: { envoy.lb: { env: hema } } }
              - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 1002 } } }
                load_balancing_weight: 2
                metadata: { filter_metadata: { envoy.lb: { env: taobao } } }
              - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 1003 } } }
                health_status: UNHEALTHY
                metadata: { filter_metadata: { envoy.lb: { env: taobao } } }
      """
          .replace("TCP_PROXY", TCP_PROXY);

  private static Proxy gateway;

  @BeforeAll
  static void start() throws IOException {
    gateway = Proxy.start(ProxyKind.WEIR, BOOTSTRAP);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
  }

  private static String explain(String query) throws IOException {
    return gateway
        .get("/explain?" + (query.startsWith("listener") ? query : "listener=ingress&" + query))
        .replace(Integer.toString(gateway.port("ingress")), "PORT");
  }

  @Test
  void aConnectionIsFollowedFromItsChainToItsHost() throws IOException {
    assertEquals(
        """
        listener ingress, from 10.1.2.3 to 127.0.0.1:PORT
        => connected to 127.0.0.1:1002

        filter chain: filter_chains[1]
          destination_port             PORT                not asked for
          prefix_ranges                127.0.0.1            not asked for
          server_names                 -                    any of: *.example.com, any
          transport_protocol           raw_buffer           not asked for
          application_protocols        -                    not asked for
          direct_source_prefix_ranges  10.1.2.3             not asked for
          source_type                  EXTERNAL             not asked for
          source_prefix_ranges         10.1.2.3             10.0.0.0/8 of: 10.0.0.0/8
          source_ports                 0                    not asked for
        filters: tcp_proxy
        hash of 10.1.2.3: 4880821621418515188

        cluster hosts (100 %)
          policy: ring_hash
          metadata_match: {"env":"mark"}
            selector [env] has no such subset and no fallback of its own
            the common fallback DEFAULT_SUBSET
          priority 0: load 100 %, degraded hosts 0 %
            * 127.0.0.1:1002           healthy              weight 2, active 0, locality r/z/, {"env":"taobao"}
              127.0.0.1:1003           /failed_eds_health   weight 1, active 0, locality r/z/, {"env":"taobao"}
          the hash leads to 127.0.0.1:1002
        """,
        explain("listener=ingress&source=10.1.2.3"));
  }

  @Test
  void ofSeveralClustersEachIsExplained() throws IOException {
    var text = explain("source=192.0.2.1:5000&sni=A.example.com&alpn=h2,http/1.1");
    assertTrue(text.startsWith("listener ingress, from 192.0.2.1:5000 to 127.0.0.1:PORT\n"), text);
    assertTrue(text.contains("=> one of 2 clusters, drawn by weight for each attempt\n"), text);
    assertTrue(text.contains("filter chain: filter_chains[0] 'secure'\n"), text);
    assertTrue(text.contains("a.example.com        *.example.com of: *.example.com, any\n"), text);
    assertTrue(text.contains("cluster nowhere (25 %)\n  is not there, or not warm\n"), text);
    assertTrue(text.contains("cluster hosts (75 %)\n"), text);
    assertTrue(text.contains("without a hash, a host is drawn by chance\n"), text);
  }

  @Test
  void aConnectionThatNoChainServesIsTold() throws IOException {
    var text = explain("source=192.0.2.1&destination=198.51.100.7:443");
    assertTrue(text.contains("from 192.0.2.1 to 198.51.100.7:443\n"), text);
    assertTrue(text.contains("=> closed: no filter chain matches (NR)\n"), text);
    assertTrue(
        text.endsWith("source_prefix_ranges         192.0.2.1            none of: 10.0.0.0/8\n"),
        text);
  }

  @Test
  void nothingIsCountedAndNothingOpened() throws IOException {
    explain("source=10.1.2.3");
    var stats = gateway.stats();
    assertEquals(0, stats.get("cluster.hosts.lb_subsets_fallback"));
    assertEquals(0, stats.get("cluster.hosts.upstream_cx_total"));
    assertEquals(0, stats.get("subset_selector.env.hosts.unmatched"));
  }

  @Test
  void whatCannotBeExplainedIsSaid() {
    var unknown = assertThrows(IOException.class, () -> explain("listener=x&source=10.1.2.3"));
    assertEquals(
        "404 listener=NAME has to be one of: ingress, counted, nobody\n", unknown.getMessage());
    var wrong = assertThrows(IOException.class, () -> explain("source=nobody"));
    assertEquals(
        "400 source is no IP address, with or without a port: nobody\n", wrong.getMessage());
    var missing = assertThrows(IOException.class, () -> explain("sni=a"));
    assertEquals("400 source=ADDRESS is needed\n", missing.getMessage());
  }

  @Test
  void eachSelectorCountsThePicksThatHadItsKeys() throws IOException {
    Peer.ask(gateway.port("counted"), "x");
    Peer.ask(gateway.port("counted"), "x");
    Peer.ask(gateway.port("nobody"), "x");
    gateway.awaitStat("subset_selector.env.counted.selected", 2);
    gateway.awaitStat("subset_selector.env.counted.unmatched", 1);
    gateway.awaitStat("subset_selector.stage.counted.selected", 0);
    gateway.awaitStat("cluster.counted.lb_subsets_selected", 2);
  }

  @Test
  void theSameIsToldAsJson() throws IOException {
    var said = gateway.json("/explain?format=json&listener=ingress&source=10.1.2.3");
    assertEquals("connected to 127.0.0.1:1002", said.get("outcome").getAsString());
    var cluster = said.getAsJsonArray("clusters").get(0).getAsJsonObject();
    assertEquals("127.0.0.1:1002", cluster.get("hashed_host").getAsString());
    var levels = said.getAsJsonObject("filter_chain").getAsJsonArray("levels");
    assertEquals(9, levels.size(), said::toString);
  }

  @Test
  void theLogCarriesWarnings() throws IOException {
    var warning = "lb_subset_config.scale_locality_weight: has no effect";
    Await.until(warning, () -> gateway.errors().contains(warning));
  }

  @Test
  void theConfigDumpCarriesWarnings() throws IOException {
    var warnings = gateway.json("/config_dump").getAsJsonArray("warnings").toString();
    assertEquals(
        "[{\"resource\":\"cluster\",\"name\":\"hosts\",\"warnings\":[\"static_resources.clusters[1]"
            + ".lb_subset_config.scale_locality_weight: has no effect\"]}]",
        warnings);
  }
}
