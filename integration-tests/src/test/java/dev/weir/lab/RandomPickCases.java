package dev.weir.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Makes small configurations of `tcp_proxy`, clusters and subsets by chance: every policy,
/// fallback and switch, with few values, so that things meet.
final class RandomPickCases {
  private static final List<String> KEYS = List.of("env", "stage", "version");
  private static final List<String> ZONES = List.of("a", "b", "c");
  private static final List<String> HEALTH =
      List.of("UNHEALTHY", "DEGRADED", "DRAINING", "TIMEOUT", "UNHEALTHY");
  private static final String POLICIES =
      "type.googleapis.com/envoy.extensions.load_balancing_policies.";

  private static final int SOURCES = 12;

  private final RandomGenerator random;
  private final List<Integer> ports;
  private int made;

  /// @param ports of backends
  RandomPickCases(RandomGenerator random, List<Integer> ports) {
    this.random = random;
    this.ports = ports;
  }

  PickCase next() {
    var name = "random" + made++;
    var clusters = new ArrayList<Map<String, Object>>();
    var tcpProxy = new LinkedHashMap<String, Object>();
    if (chance(20)) {
      var shares = new ArrayList<Map<String, Object>>();
      for (var suffix : List.of("a", "b")) {
        clusters.add(cluster(name + suffix));
        var share = new LinkedHashMap<String, Object>();
        share.put("name", chance(5) ? "nowhere" : name + suffix);
        share.put("weight", random.nextInt(1, 4));
        putIf(share, "metadata_match", 70, match());
        shares.add(share);
      }
      tcpProxy.put("weighted_clusters", Map.of("clusters", shares));
    } else {
      clusters.add(cluster(name));
      tcpProxy.put("cluster", name);
    }
    putIf(tcpProxy, "metadata_match", 85, match());
    boolean hashed = chance(60);
    if (hashed) {
      tcpProxy.put("hash_policy", List.of(Map.of("source_ip", Map.of())));
    }
    boolean bySource = hashed && clusters.size() == 1 && hashes(clusters.getFirst());
    return new PickCase(
        name, tcpProxy, clusters, bySource ? PickCase.sources(SOURCES) : List.of(), false);
  }

  private static boolean hashes(Map<String, Object> cluster) {
    return cluster.toString().matches(".*(RING_HASH|MAGLEV|RingHash|Maglev).*");
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private void putIf(Map<String, Object> map, String key, int percent, Object value) {
    if (chance(percent)) {
      map.put(key, value);
    }
  }

  private Map<String, Object> match() {
    var criteria = new TreeMap<String, Object>();
    var keys = new ArrayList<>(KEYS);
    Collections.shuffle(keys, Random.from(random));
    for (var key : keys.subList(0, random.nextInt(0, KEYS.size() + 1))) {
      criteria.put(key, value());
    }
    if (chance(10)) {
      var list = new ArrayList<Object>();
      for (int i = random.nextInt(4); i > 0; i--) {
        list.add(chance(10) ? "text" : Map.of(oneOf(KEYS), value()));
      }
      criteria.put("fallback_list", chance(10) ? "text" : list);
    }
    return lb(criteria);
  }

  private static Map<String, Object> lb(Map<String, Object> pairs) {
    return Map.of("filter_metadata", Map.of("envoy.lb", pairs));
  }

  private Object value() {
    return switch (random.nextInt(12)) {
      case 0 -> 1;
      case 1 -> true;
      case 2 -> List.of("a", "b");
      default -> oneOf(List.of("a", "a", "b", "c"));
    };
  }

  private Map<String, Object> cluster(String name) {
    var cluster = new LinkedHashMap<String, Object>();
    cluster.put("name", name);
    cluster.put("type", "STATIC");
    cluster.put("connect_timeout", "5s");
    boolean localityWeighted = chance(30);
    var common = new LinkedHashMap<String, Object>();
    putIf(common, "healthy_panic_threshold", 40, Map.of("value", oneOf(List.of(0, 30, 100))));
    boolean byName = chance(10);
    if (chance(40)) {
      var inner = typedPolicy(localityWeighted, byName);
      cluster.put(
          "load_balancing_policy",
          Map.of("policies", List.of(chance(80) ? subset(inner, localityWeighted) : inner)));
    } else {
      policy(cluster);
      if (localityWeighted) {
        common.put("locality_weighted_lb_config", Map.of());
      } else {
        putIf(common, "zone_aware_lb_config", 60, zoneAware());
      }
      putIf(cluster, "lb_subset_config", 80, subsets(localityWeighted, false));
    }
    cluster.put("common_lb_config", common);
    cluster.put("load_assignment", assignment(name));
    return cluster;
  }

  private void policy(Map<String, Object> cluster) {
    var policy =
        oneOf(
            List.of("ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", "RING_HASH", "RING_HASH", "MAGLEV"));
    cluster.put("lb_policy", policy);
    switch (policy) {
      case "RING_HASH" -> cluster.put("ring_hash_lb_config", ring());
      case "MAGLEV" -> putIf(cluster, "maglev_lb_config", 80, Map.of("table_size", 251));
      default -> {}
    }
  }

  private Map<String, Object> ring() {
    var ring = new LinkedHashMap<String, Object>();
    putIf(ring, "minimum_ring_size", 80, oneOf(List.of(1, 7, 64, 200)));
    putIf(ring, "maximum_ring_size", 20, 220);
    putIf(ring, "hash_function", 40, "MURMUR_HASH_2");
    if (ring.containsKey("maximum_ring_size")) {
      ring.putIfAbsent("minimum_ring_size", 100);
    }
    return ring;
  }

  private Map<String, Object> typedPolicy(boolean localityWeighted, boolean byName) {
    var config = new LinkedHashMap<String, Object>();
    var type =
        oneOf(
            List.of(
                "round_robin.v3.RoundRobin",
                "least_request.v3.LeastRequest",
                "random.v3.Random",
                "ring_hash.v3.RingHash",
                "maglev.v3.Maglev"));
    boolean hashing = type.contains("Hash") || type.contains("Maglev");
    if (type.contains("Hash")) {
      config.putAll(ring());
    } else if (type.contains("Maglev")) {
      config.put("table_size", 251);
    } else if (type.contains("LeastRequest")) {
      putIf(config, "selection_method", 50, "FULL_SCAN");
    }
    if (hashing && byName) {
      config.put("consistent_hashing_lb_config", Map.of("use_hostname_for_hashing", true));
    }
    var weighted = Map.<String, Object>of("locality_weighted_lb_config", Map.of());
    if (localityWeighted && hashing) {
      config.putAll(weighted);
    } else if (localityWeighted) {
      config.put("locality_lb_config", weighted);
    } else if (!hashing) {
      var zoneAware = zoneAware();
      putIf(zoneAware, "force_local_zone", 30, Map.of("min_size", random.nextInt(1, 3)));
      putIf(zoneAware, "locality_basis", 30, "HEALTHY_HOSTS_WEIGHT");
      putIf(config, "locality_lb_config", 60, Map.of("zone_aware_lb_config", zoneAware));
    }
    return typed(type, config);
  }

  private Map<String, Object> zoneAware() {
    var config = new LinkedHashMap<String, Object>();
    putIf(config, "min_cluster_size", 80, random.nextInt(1, 4));
    putIf(config, "routing_enabled", 20, Map.of("value", oneOf(List.of(0, 50))));
    putIf(config, "fail_traffic_on_panic", 30, true);
    return config;
  }

  private Map<String, Object> typed(String type, Map<String, Object> config) {
    config.put("@type", POLICIES + type);
    return Map.of("typed_extension_config", Map.of("name", type, "typed_config", config));
  }

  private Map<String, Object> subset(Map<String, Object> inner, boolean localityWeighted) {
    boolean redundant = chance(40);
    var config = subsets(localityWeighted, redundant);
    config.put("subset_lb_policy", Map.of("policies", List.of(inner)));
    config.put("allow_redundant_keys", redundant);
    return typed("subset.v3.Subset", config);
  }

  private Map<String, Object> subsets(boolean localityWeighted, boolean redundant) {
    var config = new LinkedHashMap<String, Object>();
    putIf(
        config,
        "fallback_policy",
        80,
        oneOf(List.of("NO_FALLBACK", "ANY_ENDPOINT", "DEFAULT_SUBSET")));
    var defaults = new TreeMap<String, Object>();
    putIf(defaults, oneOf(KEYS), 80, value());
    putIf(config, "default_subset", 80, defaults);
    config.put("subset_selectors", selectors(redundant));
    putIf(config, "panic_mode_any", 30, true);
    putIf(config, "list_as_any", 30, true);
    putIf(config, "metadata_fallback_policy", 40, "FALLBACK_LIST");
    if (localityWeighted) {
      putIf(config, "locality_weight_aware", 50, true);
      putIf(config, "scale_locality_weight", 50, true);
    }
    return config;
  }

  private List<Map<String, Object>> selectors(boolean redundant) {
    var selectors = new ArrayList<Map<String, Object>>();
    var used = new ArrayList<List<String>>();
    for (int i = random.nextInt(chance(5) ? 1 : 4); i >= 0; i--) {
      var keys = new TreeSet<String>();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        keys.add(oneOf(KEYS));
      }
      var sorted = List.copyOf(keys);
      // Envoy forgets the fallback of a selector that begins an earlier one, or any other one if
      // keys may be redundant; Weir does not.
      if (used.stream()
          .noneMatch(
              earlier -> begins(sorted, earlier) || (redundant && begins(earlier, sorted)))) {
        used.add(sorted);
        selectors.add(selector(sorted));
      }
    }
    return selectors;
  }

  private static boolean begins(List<String> keys, List<String> longer) {
    return longer.size() >= keys.size() && longer.subList(0, keys.size()).equals(keys);
  }

  private Map<String, Object> selector(List<String> keys) {
    var selector = new LinkedHashMap<String, Object>();
    selector.put("keys", keys);
    var policies =
        new ArrayList<>(List.of("NOT_DEFINED", "NO_FALLBACK", "ANY_ENDPOINT", "DEFAULT_SUBSET"));
    if (keys.size() > 1) {
      policies.addAll(List.of("KEYS_SUBSET", "KEYS_SUBSET"));
    }
    var policy = oneOf(policies);
    selector.put("fallback_policy", policy);
    if (policy.equals("KEYS_SUBSET")) {
      var fewer = new ArrayList<>(keys);
      Collections.shuffle(fewer, Random.from(random));
      selector.put("fallback_keys_subset", fewer.subList(0, random.nextInt(1, keys.size())));
    }
    putIf(selector, "single_host_per_subset", keys.size() == 1 ? 15 : 0, true);
    return selector;
  }

  private Map<String, Object> assignment(String name) {
    var localities = new LinkedHashMap<String, Map<String, Object>>();
    boolean byPriority = chance(25);
    boolean byZone = chance(50);
    boolean weighted = chance(35);
    boolean unwell = chance(40);
    var free = new ArrayList<>(ports);
    Collections.shuffle(free, Random.from(random));
    for (int port :
        free.subList(0, random.nextInt(chance(5) ? 0 : 1, Math.min(7, free.size() + 1)))) {
      int priority = byPriority ? oneOf(List.of(0, 0, 1, 2)) : 0;
      var zone = byZone ? oneOf(ZONES) : "";
      var locality = localities.computeIfAbsent(priority + zone, _ -> locality(priority, zone));
      endpoints(locality).add(endpoint(port, weighted, unwell));
    }
    var policy = new LinkedHashMap<String, Object>();
    putIf(policy, "overprovisioning_factor", 20, oneOf(List.of(100, 120, 200)));
    putIf(policy, "weighted_priority_health", 20, true);
    return Map.of(
        "cluster_name", name, "endpoints", List.copyOf(localities.values()), "policy", policy);
  }

  private Map<String, Object> locality(int priority, String zone) {
    var locality = new LinkedHashMap<String, Object>();
    locality.put("priority", priority);
    if (!zone.isEmpty()) {
      locality.put("locality", Map.of("zone", zone));
    }
    putIf(locality, "load_balancing_weight", 80, random.nextInt(1, 4));
    locality.put("lb_endpoints", new ArrayList<>());
    return locality;
  }

  @SuppressWarnings("unchecked") // put there by locality()
  private static List<Object> endpoints(Map<String, Object> locality) {
    return (List<Object>) Objects.requireNonNull(locality.get("lb_endpoints"));
  }

  private Map<String, Object> endpoint(int port, boolean weighted, boolean unwell) {
    var endpoint = new LinkedHashMap<String, Object>();
    endpoint.put(
        "endpoint",
        Map.of(
            "hostname",
            "host-" + ports.indexOf(port),
            "address",
            Map.of("socket_address", Map.of("address", "127.0.0.1", "port_value", port))));
    if (weighted) {
      endpoint.put("load_balancing_weight", random.nextInt(1, 5));
    }
    if (unwell) {
      putIf(endpoint, "health_status", 40, oneOf(HEALTH));
    }
    var pairs = new TreeMap<String, Object>();
    for (var key : KEYS) {
      putIf(pairs, key, 75, value());
    }
    putIf(pairs, "hash_key", 10, "key-" + ports.indexOf(port));
    endpoint.put("metadata", lb(pairs));
    return endpoint;
  }
}
