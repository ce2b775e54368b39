package dev.weir.lab;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How many names a dynamic forward proxy keeps and looks up, and for how long: Weir has to let in,
/// turn away and count as Envoy does.
class ForwardProxyLimitsTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /// A name that is asked for, through a cache of one of the three kinds.
  private record Case(String cache, String name) {
    String listener() {
      return cache + "-" + name;
    }
  }

  private static final List<Case> CASES =
      List.of(
          new Case("few", "one"),
          new Case("few", "two"),
          new Case("few", "three"),
          new Case("brief", "one"),
          new Case("patient", "silent"),
          new Case("patient", "silenter"));

  private static String limits(String cache) {
    return switch (cache) {
      case "few" -> "max_hosts: 2";
      case "brief" -> "host_ttl: 0.1s, dns_refresh_rate: 1s, dns_min_refresh_rate: 1s";
      default ->
          "dns_query_timeout: 3s, dns_failure_refresh_rate: { base_interval: 60s },"
              + " dns_cache_circuit_breaker: { max_pending_requests: 1 }";
    };
  }

  private static String cache(String name, int dns) {
    return """
    { name: %s, dns_lookup_family: V4_ONLY, %s, typed_dns_resolver_config: { name: cares, typed_config: {
      "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig,
      resolvers: [{ socket_address: { address: 127.0.0.1, port_value: %d } }],
      dns_resolver_options: { no_default_search_domain: true } } } }\
    """
        .formatted(name, limits(name), dns)
        .replace('\n', ' ');
  }

  private static String listener(Case it, int port, int dns) {
    var filters =
        """
        - name: name
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.set_filter_state.v3.Config
            on_new_connection:
            - object_key: envoy.upstream.dynamic_host
              format_string: { text_format_source: { inline_string: %s.test } }
        - name: forward
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig
            port_value: %d
            dns_cache_config: %s
        """
            .formatted(it.name, port, cache(it.cache, dns));
    return Bootstraps.listener(it.listener(), "cluster: " + it.cache)
        .replace("  - filters:\n", "  - filters:\n" + filters.indent(4));
  }

  private static String cluster(String name, int dns) {
    return """
    - name: %s
      lb_policy: CLUSTER_PROVIDED
      cluster_type:
        name: envoy.clusters.dynamic_forward_proxy
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig
          dns_cache_config: %s
    """
        .formatted(name, cache(name, dns));
  }

  @Test
  void namesAreKeptAndForgottenAsByEnvoy() throws IOException {
    assertEquals(observe(ProxyKind.ENVOY), observe(ProxyKind.WEIR));
  }

  private static String observe(ProxyKind kind) throws IOException {
    try (var dns = FakeDns.start();
        var one = Echo.start("one", ANY)) {
      for (var name : List.of("one", "two", "three")) {
        dns.has(name + ".test", 300, "127.0.0.1");
      }
      dns.has("one.test", 1, "127.0.0.1");
      dns.ignores("silent.test");
      dns.ignores("silenter.test");
      var bootstrap =
          Bootstraps.of(
              CASES.stream().map(it -> listener(it, one.port(), dns.port())),
              Stream.of("few", "brief", "patient").map(it -> cluster(it, dns.port())));
      try (var proxy = Proxy.start(kind, bootstrap)) {
        var seen = new ArrayList<String>();
        for (var listener : List.of("few-one", "few-two", "few-three", "few-one", "brief-one")) {
          seen.add(ask(proxy, listener));
        }
        proxy.awaitStat("dns_cache.brief.host_removed", 1);
        seen.add(ask(proxy, "brief-one"));
        try (var waiting = Peer.connect(proxy.port("patient-silent"))) {
          proxy.awaitStat("dns_cache.patient.circuit_breakers.rq_pending_open", 1);
          seen.add(ask(proxy, "patient-silenter"));
          seen.add("waited " + waiting.end().replaceAll("EOF|RST", "closed"));
        }
        seen.add(ask(proxy, "patient-silent"));
        return String.join("\n", seen) + counters(proxy);
      }
    }
  }

  private static String ask(Proxy proxy, String listener) throws IOException {
    var answer = Peer.ask(proxy.port(listener), "hello").replaceAll("EOF|RST", "closed");
    return listener + ": " + answer;
  }

  /// Without what hangs on how long the test takes.
  private static String counters(Proxy proxy) throws IOException {
    return proxy.stats().entrySet().stream()
        .filter(it -> it.getKey().startsWith("dns_cache."))
        .filter(it ->
            !it.getKey().matches("dns_cache\\.(few|brief)\\.dns_query_.*|.*brief.*(removed|hosts)"))
        .map(it -> "\n" + it)
        .collect(joining());
  }
}
