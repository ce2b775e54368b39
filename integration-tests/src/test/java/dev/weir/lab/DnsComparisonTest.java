package dev.weir.lab;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Which hosts a cluster has after each kind of DNS answer, for every lookup family, on Weir and on
/// Envoy.
class DnsComparisonTest {
  private static final List<String> FAMILIES =
      List.of("AUTO", "V4_ONLY", "V6_ONLY", "V4_PREFERRED", "ALL");
  private static final List<String> TYPES = List.of("STRICT_DNS", "LOGICAL_DNS");
  private static final List<String> NAMES = List.of("four", "six", "both", "many", "none");

  private interface Step {
    void change(FakeDns dns);
  }

  /// What the name server says of all names, one after the other.
  private static Map<String, Step> steps() {
    var steps = new TreeMap<String, Step>();
    steps.put("1 at first", DnsComparisonTest::addresses);
    steps.put("2 failing keeps", dns -> NAMES.forEach(it -> dns.fails(it, FakeDns.SERVFAIL)));
    steps.put("3 no data", dns -> NAMES.forEach(it -> dns.has(it, 0)));
    steps.put("4 again", DnsComparisonTest::addresses);
    steps.put("5 no such name", dns -> NAMES.forEach(it -> dns.fails(it, FakeDns.NXDOMAIN)));
    steps.put("6 others", dns -> NAMES.forEach(it -> dns.has(it, 1, "10.1.0.9", "fd01::9")));
    return steps;
  }

  private static void addresses(FakeDns dns) {
    dns.has("four", 1, "10.1.0.1");
    dns.has("six", 1, "fd01::1");
    dns.has("both", 1, "10.1.0.2", "fd01::2");
    dns.has("many", 1, "10.1.0.4", "10.1.0.3", "fd01::4", "fd01::3", "10.1.0.4");
    dns.has("none", 1);
  }

  private static String cluster(String type, String family, String name, int dns) {
    var full = String.join("-", type, family, name).toLowerCase(java.util.Locale.ROOT);
    return """
    - name: %s
      type: %s
      dns_lookup_family: %s
      dns_refresh_rate: 0.2s
      dns_failure_refresh_rate: { base_interval: 0.2s, max_interval: 0.2s }
      typed_dns_resolver_config:
        name: envoy.network.dns_resolver.cares
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig
          resolvers: [{ socket_address: { address: 127.0.0.1, port_value: %d } }]
          dns_resolver_options: { no_default_search_domain: true }
          query_timeout_seconds: 2
          query_tries: 1
      load_assignment:
        cluster_name: %s
        endpoints:
        - lb_endpoints:
          - endpoint: { address: { socket_address: { address: %s, port_value: 80 } } }
    """
        .formatted(full, type, family, dns, full, name);
  }

  @Test
  void clustersHaveTheHostsThatTheyHaveOnEnvoy() throws IOException {
    assertEquals(observe(ProxyKind.ENVOY), observe(ProxyKind.WEIR));
  }

  private static String observe(ProxyKind kind) throws IOException {
    try (var dns = FakeDns.start()) {
      addresses(dns);
      var clusters = new ArrayList<String>();
      for (var type : TYPES) {
        for (var family : FAMILIES) {
          NAMES.forEach(name -> clusters.add(cluster(type, family, name, dns.port())));
        }
      }
      var listeners = Stream.of(Bootstraps.listener("any", "cluster: nobody"));
      try (var proxy = Proxy.start(kind, Bootstraps.of(listeners, clusters.stream()))) {
        var seen = new StringBuilder();
        for (var step : steps().entrySet()) {
          step.getValue().change(dns);
          awaitUpdates(proxy);
          seen.append("\n").append(step.getKey()).append("\n").append(hosts(proxy));
        }
        var dnsStats = new TreeMap<>(proxy.stats());
        dnsStats.keySet().removeIf(it -> !it.startsWith("dns."));
        dnsStats.replaceAll((_, value) -> Math.min(value, 1));
        dnsStats.keySet().removeIf(it -> it.matches(".*(pending_resolutions|reinits)"));
        return seen + "\n" + dnsStats;
      }
    }
  }

  /// Waits until every cluster has asked anew, and has had an answer.
  private static void awaitUpdates(Proxy proxy) throws IOException {
    var before = attempts(proxy);
    Await.until(
        "all names are looked up again",
        () -> {
          var now = attempts(proxy);
          return before.entrySet().stream()
              .allMatch(it -> now.getOrDefault(it.getKey(), 0L) > it.getValue() + 2);
        });
  }

  private static Map<String, Long> attempts(Proxy proxy) throws IOException {
    var stats = proxy.stats();
    stats.keySet().removeIf(it -> !it.endsWith(".update_attempt") || !it.contains("_dns-"));
    return stats;
  }

  private static String hosts(Proxy proxy) throws IOException {
    return proxy
        .get("/clusters")
        .lines()
        .filter(it -> it.endsWith("::hostname::") || it.contains("::hostname::"))
        .sorted()
        .collect(joining("\n"));
  }
}
