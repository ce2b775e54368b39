package dev.weir.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// A listener with filter chains that ask for random things of few values, so that they meet and
/// overlap; each answers with its name.
///
/// Left out are two things that Envoy 1.40 does not do well: `keep_matching` ends its process, and
/// a range of all addresses beside chains without a range is one of them by chance.
final class RandomChains {

  private static final List<String> RANGES =
      List.of(
          "10.0.0.0/8",
          "10.1.0.0/16",
          "10.1.2.3/32",
          "192.168.0.0/16",
          "192.168.1.0/24",
          "127.0.0.0/8",
          "127.0.0.1/32",
          "2001:db8::/32");
  private static final List<String> NAMES =
      List.of(
          "a.example",
          "*.example",
          "*.a.example",
          "b.a.example",
          "B.Example",
          "example",
          "*.other");
  private static final List<String> PROTOCOLS = List.of("h2", "http/1.1", "http/1.0", "h2c");
  private static final List<String> IP_INPUTS =
      List.of("SourceIPInput", "DestinationIPInput", "DirectSourceIPInput");

  private final Random random;
  private int chains;

  RandomChains(Random random) {
    this.random = random;
  }

  /// The resource, as an element of a list.
  String listener(String name) {
    chains = random.nextInt(1, 6);
    boolean matcher = random.nextBoolean();
    var yaml =
        new StringBuilder(
            """
            - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
              name: %s
              address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
              listener_filters:
              - { name: p, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol, allow_requests_without_proxy_protocol: true } }
              - { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector } }
              - { name: h, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.http_inspector.v3.HttpInspector } }
            """
                .formatted(name));
    if (matcher) {
      yaml.append("  filter_chain_matcher: ").append(matcher(3)).append('\n');
    }
    yaml.append("  filter_chains:\n");
    for (int i = 0; i < chains; i++) {
      boolean odd = matcher && random.nextInt(40) == 0;
      yaml.append("  - ").append(chain(odd ? "" : "c" + i, matcher ? "{}" : match()));
    }
    if (random.nextInt(3) > 0) {
      yaml.append("  default_filter_chain: ").append(chain("default", "{}"));
    }
    return yaml.toString();
  }

  private static String chain(String name, String match) {
    return ("{ name: '%s', filter_chain_match: %s, filters: [{ name: d, typed_config: { \"@type\":"
            + " type.googleapis.com/envoy.extensions.filters.network.direct_response.v3.Config,"
            + " response: { inline_string: '%s' } } }] }\n")
        .formatted(name, match, name.isEmpty() ? "nameless" : name);
  }

  private String match() {
    var fields = new ArrayList<String>();
    maybe(4, fields, () -> "destination_port: " + one(List.of(443, 8443)));
    maybe(3, fields, () -> "prefix_ranges: " + ranges());
    maybe(2, fields, () -> "server_names: " + names());
    maybe(5, fields, () -> "transport_protocol: " + one(List.of("tls", "raw_buffer", "other")));
    maybe(4, fields, () -> "application_protocols: " + some(PROTOCOLS));
    maybe(5, fields, () -> "direct_source_prefix_ranges: " + ranges());
    maybe(
        4, fields, () -> "source_type: " + one(List.of("ANY", "SAME_IP_OR_LOOPBACK", "EXTERNAL")));
    maybe(3, fields, () -> "source_prefix_ranges: " + ranges());
    maybe(5, fields, () -> "source_ports: " + some(List.of(1000, 2000)));
    maybe(60, fields, () -> "suffix_len: 3");
    return "{ " + String.join(", ", fields) + " }";
  }

  private interface Text {
    String get();
  }

  private void maybe(int oneOf, List<String> fields, Text field) {
    if (random.nextInt(oneOf) == 0) {
      fields.add(field.get());
    }
  }

  private String ranges() {
    return some(RANGES.stream().map(RandomChains::range).toList());
  }

  private static String range(String text) {
    int slash = text.indexOf('/');
    return "{ address_prefix: '%s', prefix_len: %s }"
        .formatted(text.substring(0, slash), text.substring(slash + 1));
  }

  private String names() {
    return random.nextInt(40) == 0
        ? "[" + one(List.of("'w*.example'", "'*'", "'a.*.example'", "'*example'")) + "]"
        : some(NAMES.stream().map(name -> "'" + name + "'").toList());
  }

  private String some(List<?> all) {
    var chosen = new ArrayList<Object>();
    chosen.add(one(all));
    if (random.nextInt(3) == 0) {
      var more = one(all);
      if (!chosen.contains(more)) {
        chosen.add(more);
      }
    }
    return chosen.toString();
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private String matcher(int depth) {
    var otherwise = random.nextBoolean() ? ", on_no_match: { " + outcome(depth - 1) + " }" : "";
    return "{ " + (random.nextBoolean() ? list(depth) : tree(depth)) + otherwise + " }";
  }

  private String outcome(int depth) {
    if (depth > 0 && random.nextInt(3) == 0) {
      return "matcher: " + matcher(depth);
    }
    var chain = random.nextInt(30) == 0 ? "nobody" : "c" + random.nextInt(chains);
    return "action: { name: a, typed_config: { \"@type\":"
        + " type.googleapis.com/google.protobuf.StringValue, value: "
        + chain
        + " } }";
  }

  private String list(int depth) {
    var rules = new ArrayList<String>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      rules.add(
          "{ predicate: { " + predicate(2) + " }, on_match: { " + outcome(depth - 1) + " } }");
    }
    return "matcher_list: { matchers: " + rules + " }";
  }

  private String predicate(int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(6)) {
      case 1 -> "not_matcher: { " + predicate(depth - 1) + " }";
      case 2 -> "and_matcher: { predicate: " + two(depth - 1) + " }";
      case 3 -> "or_matcher: { predicate: " + two(depth - 1) + " }";
      default -> "single_predicate: { " + single() + " }";
    };
  }

  private String two(int depth) {
    return "[{ " + predicate(depth) + " }, { " + predicate(depth) + " }]";
  }

  private String single() {
    if (random.nextInt(4) == 0) {
      return input(one(IP_INPUTS))
          + ", custom_match: { name: ip, typed_config: { \"@type\":"
          + " type.googleapis.com/envoy.extensions.matching.input_matchers.ip.v3.Ip,"
          + " stat_prefix: x, cidr_ranges: "
          + ranges()
          + " } }";
    }
    var kind = one(List.of("exact", "prefix", "suffix", "contains"));
    var ignore = random.nextInt(4) == 0 ? ", ignore_case: true" : "";
    return random.nextBoolean()
        ? input("ServerNameInput")
            + ", value_match: { "
            + kind
            + ": '"
            + one(List.of("a.example", "A.", "example", "b"))
            + "'"
            + ignore
            + " }"
        : other(kind);
  }

  /// A port that the system has chosen may contain any digit, so ports are compared as a whole.
  private String other(String kind) {
    return random.nextBoolean()
        ? input(one(List.of("DestinationPortInput", "SourcePortInput")))
            + ", value_match: { exact: '"
            + one(List.of("443", "1000"))
            + "' }"
        : input(
                one(
                    List.of(
                        "TransportProtocolInput", "SourceTypeInput", "ApplicationProtocolInput")))
            + ", value_match: { "
            + kind
            + ": '"
            + one(List.of("tls", "local", "''h2''", "h"))
            + "' }";
  }

  private static String input(String kind) {
    return "input: { name: i, typed_config: { \"@type\":"
        + " type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3."
        + kind
        + " } }";
  }

  private String tree(int depth) {
    return "matcher_tree: { "
        + switch (random.nextInt(4)) {
          case 0 ->
              input(one(List.of("DestinationPortInput", "SourcePortInput")))
                  + ", exact_match_map: { map: "
                  + map(List.of("'443'", "'8443'", "'1000'"), depth)
                  + " }";
          case 1 ->
              input("SourceIPInput")
                  + ", prefix_match_map: { map: "
                  + map(List.of("'10'", "'10.1'", "'10.1.2'", "'127.'", "'1'"), depth)
                  + " }";
          case 2 ->
              input(one(IP_INPUTS))
                  + ", custom_match: { name: r, typed_config: { \"@type\":"
                  + " type.googleapis.com/xds.type.matcher.v3.IPMatcher, range_matchers: "
                  + ways("ranges", depth)
                  + " } }";
          default ->
              input("ServerNameInput")
                  + ", custom_match: { name: d, typed_config: { \"@type\":"
                  + " type.googleapis.com/xds.type.matcher.v3.ServerNameMatcher, domain_matchers: "
                  + ways("domains", depth)
                  + " } }";
        }
        + " }";
  }

  private String map(List<String> keys, int depth) {
    var entries = new ArrayList<String>();
    for (var key : keys) {
      if (entries.isEmpty() || random.nextBoolean()) {
        entries.add(key + ": { " + outcome(depth - 1) + " }");
      }
    }
    return "{ " + String.join(", ", entries) + " }";
  }

  private String ways(String field, int depth) {
    var ways = new ArrayList<String>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      var exclusive = field.equals("ranges") && random.nextInt(3) == 0 ? ", exclusive: true" : "";
      var values = field.equals("ranges") ? ranges() : domains();
      ways.add(
          "{ "
              + field
              + ": "
              + values
              + ", on_match: { "
              + outcome(depth - 1)
              + " }"
              + exclusive
              + " }");
    }
    return ways.toString();
  }

  private String domains() {
    return random.nextInt(8) == 0
        ? "['*']"
        : some(NAMES.stream().map(name -> "'" + name.toLowerCase(Locale.ROOT) + "'").toList());
  }
}
