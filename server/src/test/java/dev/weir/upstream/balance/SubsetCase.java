package dev.weir.upstream.balance;

import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.SubsetConfig;
import dev.weir.config.LbConfig.SubsetConfig.Fallback;
import dev.weir.config.LbConfig.SubsetConfig.Selector;
import dev.weir.config.LbConfig.SubsetConfig.SubsetOptions;
import dev.weir.config.MetadataValue;
import dev.weir.config.MetadataValue.Bool;
import dev.weir.config.MetadataValue.Fields;
import dev.weir.config.MetadataValue.Items;
import dev.weir.config.MetadataValue.Null;
import dev.weir.config.MetadataValue.Numeric;
import dev.weir.config.MetadataValue.Text;
import dev.weir.config.SubsetMatch;
import dev.weir.upstream.host.Health;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable.Shape;
import dev.weir.upstream.host.TestHosts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A case of `subset-cases.txt`, whose head says what the lines mean.
final class SubsetCase {
  private static final int ROUNDS = 40;

  private final String name;
  private final List<String> lines = new ArrayList<>();
  private final Set<String> options = new HashSet<>();
  private final List<Selector> selectors = new ArrayList<>();
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private Fallback fallback = Fallback.NO_FALLBACK;
  private Map<String, MetadataValue> defaults = Map.of();
  private int priorities = 1;
  private @Nullable TestBalancers balancers;
  private @Nullable LoadBalancer balancer;

  SubsetCase(String name) {
    this.name = name;
  }

  void add(String line) {
    lines.add(line);
  }

  /// Plays the lines; each thing that is not as it says comes back as a text.
  List<String> run() {
    var wrong = new ArrayList<String>();
    for (var line : lines) {
      var words = List.of(line.split(" +", -1));
      var rest = words.subList(1, words.size());
      switch (words.getFirst()) {
        case "fallback" -> {
          fallback = Fallback.valueOf(rest.getFirst());
          defaults = pairs(rest.subList(1, rest.size()));
        }
        case "options" -> options.addAll(rest);
        case "selector" -> selectors.add(selector(rest));
        case "host" -> host(rest);
        case "remove" -> {
          hosts.remove(rest.getFirst());
          balancer = null;
        }
        case "ask" -> compare(line, ask(rest), wrong);
        case "stat" -> compare(line, line.replaceFirst("\\S+$", stat(rest.getFirst())), wrong);
        default -> throw new IllegalArgumentException(line);
      }
    }
    return wrong;
  }

  private static void compare(String expected, String actual, List<String> wrong) {
    if (!expected.equals(actual)) {
      wrong.add(expected + ", but: " + actual);
    }
  }

  private static Selector selector(List<String> words) {
    boolean single = words.contains("single");
    var rest = words.stream().filter(word -> !word.equals("single")).toList();
    return new Selector(
        List.of(rest.getFirst().split(",", -1)),
        rest.size() > 1 ? Fallback.valueOf(rest.get(1)) : null,
        rest.size() > 2 ? List.of(rest.get(2).split(",", -1)) : List.of(),
        single);
  }

  private void host(List<String> words) {
    var id = words.getFirst();
    int port = ports.computeIfAbsent(id, _ -> 1 + ports.size());
    var made = TestHosts.host("10.0.0.1:" + port).hostname(id);
    for (var word : words.subList(1, words.size())) {
      switch (word.charAt(0)) {
        case '!' -> made.health(Health.valueOf(word.substring(1).toUpperCase(Locale.ROOT)));
        case '@' -> {
          int priority = Integer.parseInt(word.substring(1));
          made.priority(priority);
          priorities = Math.max(priorities, priority + 1);
        }
        default -> pairs(List.of(word)).forEach(made::lb);
      }
    }
    var host = made.make();
    var known = hosts.putIfAbsent(id, host);
    if (known != null) {
      known.describe(made.info());
      TestHosts.setHealth(known, host.health());
    }
    balancer = null;
  }

  private String ask(List<String> words) {
    int arrow = words.indexOf("->");
    var criteria = new TreeMap<>(pairs(words.subList(0, arrow)));
    var request = balancers().request().subset(SubsetKey.of(new SubsetMatch(criteria)));
    var found = new TreeSet<String>();
    var present = balancer();
    var first = present.pick(request);
    found.add(first == null ? "-" : first.hostname());
    var counted = counters();
    for (int i = 1; i < ROUNDS; i++) {
      var host = present.pick(request);
      found.add(host == null ? "-" : host.hostname());
    }
    restore(counted);
    return "ask " + String.join(" ", words.subList(0, arrow + 1)) + " " + String.join(" ", found);
  }

  /// What the first pick of each question has counted, since all others are only made to see all
  /// hosts.
  private final Map<String, Long> first = new LinkedHashMap<>();

  private final Map<String, Long> seen = new LinkedHashMap<>();

  private Map<String, Long> counters() {
    var now = new LinkedHashMap<String, Long>();
    for (var stat :
        List.of(
            "lb_subsets_selected",
            "lb_subsets_fallback",
            "lb_subsets_fallback_panic",
            "lb_healthy_panic")) {
      now.put(stat, balancers().stat(stat));
    }
    return now;
  }

  private void restore(Map<String, Long> afterFirst) {
    afterFirst.forEach(
        (stat, value) -> first.merge(stat, value - seen.getOrDefault(stat, 0L), Long::sum));
    seen.putAll(counters());
  }

  private String stat(String stat) {
    balancer();
    return String.valueOf(
        first.containsKey(stat) ? first.get(stat) : Long.valueOf(balancers().stat(stat)));
  }

  private LoadBalancer balancer() {
    if (balancer == null) {
      balancer =
          balancers()
              .build(
                  List.copyOf(hosts.values()),
                  new Shape(priorities, 140, false, List.of(), Shape.PLAIN.local()));
    }
    return balancer;
  }

  private TestBalancers balancers() {
    if (balancers == null) {
      balancers = new TestBalancers(new Policy.RoundRobin(null), config());
    }
    return balancers;
  }

  private SubsetConfig config() {
    return new SubsetConfig(
        fallback,
        new SubsetMatch(defaults),
        selectors,
        new SubsetOptions(
            options.contains("localityWeightAware"),
            options.contains("scaleLocalityWeight"),
            options.contains("panicModeAny"),
            options.contains("listAsAny"),
            options.contains("metadataFallbackList"),
            options.contains("allowRedundantKeys")));
  }

  private static Map<String, MetadataValue> pairs(List<String> words) {
    var pairs = new TreeMap<String, MetadataValue>();
    for (var word : words) {
      int equals = word.indexOf('=');
      pairs.put(word.substring(0, equals), value(word.substring(equals + 1)));
    }
    return pairs;
  }

  private static MetadataValue value(String text) {
    var inner = text.substring(Math.min(1, text.length()), Math.max(1, text.length() - 1));
    return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
      case '~' -> new Null();
      case '#' -> new Numeric(Double.parseDouble(text.substring(1)));
      case '[' -> new Items(split(inner).stream().map(SubsetCase::value).toList());
      case '{' -> new Fields(pairs(split(inner)));
      default -> text.equals("true") ? new Bool(true) : new Text(text);
    };
  }

  /// By commas, but not those within braces.
  private static List<String> split(String text) {
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(",(?![^{]*})", -1));
  }

  @Override
  public String toString() {
    return name;
  }
}
