package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Random sets of filter chains, half of them with a matcher, on Envoy and on Weir: each is refused
/// by both with the same words, or by none; and then random clients find the same chain.
class FilterChainComparisonTest {

  private static final int SETS = 180;
  private static final int CLIENTS = 10;

  /// The alert by which Weir, and not Envoy, says that it does not know the server name.
  private static final String ALERT = "\u0015\u0003\u0003\0\u0002\u0002p";

  /// What Envoy says before the reason; Weir says where it is wrong.
  private static final Pattern BEFORE =
      Pattern.compile("^.*?(error adding listener '[^']*'|cannot create a filter chain matcher): ");

  /// What Envoy adds: the match in words that only its protobuf library prints.
  private static final Pattern BEHIND = Pattern.compile("\\. duplicate matcher is: .*");

  private static final String REFUSED = "refused: ";

  @Test
  void theSameChainIsChosenOrTheSameSetRefused() throws Exception {
    long seed = System.nanoTime();
    System.out.println("filter chains of seed " + seed);
    var random = new Random(seed);
    var sets = new ArrayList<String>();
    for (int i = 0; i < SETS; i++) {
      sets.add(new RandomChains(random).listener("l" + i));
    }
    var clients = new ArrayList<byte[]>();
    var hellos = new RandomClients(random);
    for (int i = 0; i < SETS * CLIENTS; i++) {
      clients.add(hellos.next());
    }
    var expected = observe(ProxyKind.ENVOY, sets, clients);
    var actual = observe(ProxyKind.WEIR, sets, clients);
    for (int i = 0; i < SETS; i++) {
      var config = sets.get(i);
      var both =
          expected.get(i).equals(actual.get(i)) || sameRefusal(expected.get(i), actual.get(i));
      if (!both) {
        assertEquals(expected.get(i), actual.get(i), () -> "seed " + seed + "\n" + config);
      }
    }
  }

  /// Weir names all reasons, Envoy the first.
  private static boolean sameRefusal(String expected, String actual) {
    return expected.startsWith(REFUSED)
        && actual.startsWith(REFUSED)
        && actual.contains(expected.substring(REFUSED.length()));
  }

  /// What comes of each set: why it is refused, or which chains its clients get.
  private static List<String> observe(ProxyKind kind, List<String> sets, List<byte[]> clients)
      throws IOException {
    var file = Files.createTempFile(LabModule.target(), "lds", ".yaml");
    Files.writeString(file, "resources:\n" + String.join("", sets));
    var bootstrap =
        """
        node: { id: lab, cluster: lab }
        dynamic_resources: { lds_config: { path_config_source: { path: %s } } }
        """
            .formatted(file);
    try (var proxy = Proxy.start(kind, bootstrap)) {
      var ports = proxy.ports();
      var errors = errors(proxy);
      var seen = new ArrayList<String>();
      for (int i = 0; i < sets.size(); i++) {
        var refused = errors.get("l" + i);
        seen.add(
            refused != null
                ? REFUSED + refused
                : chains(
                    ports.getOrDefault("l" + i, 0),
                    clients.subList(i * CLIENTS, (i + 1) * CLIENTS)));
      }
      return seen;
    } finally {
      Files.delete(file);
    }
  }

  private static Map<String, String> errors(Proxy proxy) throws IOException {
    var errors = new TreeMap<String, String>();
    for (var config :
        proxy.json("/config_dump?resource=dynamic_listeners").getAsJsonArray("configs")) {
      JsonObject listener = config.getAsJsonObject();
      if (listener.has("error_state") && listener.has("name")) {
        var details = listener.getAsJsonObject("error_state").get("details").getAsString();
        errors.put(
            listener.get("name").getAsString(),
            BEHIND.matcher(BEFORE.matcher(details).replaceFirst("")).replaceFirst("").strip());
      }
    }
    return errors;
  }

  private static String chains(int port, List<byte[]> clients) throws IOException {
    var seen = new ArrayList<String>();
    for (var client : clients) {
      try (var peer = Peer.connect(port)) {
        var answer = peer.exchange(List.of(client));
        seen.add(answer.equals(ALERT) ? "" : answer);
      }
    }
    return seen.toString();
  }
}
