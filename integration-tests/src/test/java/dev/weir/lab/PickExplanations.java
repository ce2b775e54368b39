package dev.weir.lab;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What Weir's `/explain` says of cases, against what happened to their connections.
final class PickExplanations {
  private final Proxy weir;
  private final List<Integer> ports;

  /// @param ports of the backends, which answer with their places in it
  PickExplanations(Proxy weir, List<Integer> ports) {
    this.weir = weir;
    this.ports = ports;
  }

  /// Whether the answers of connections from this source are what the explanation leads to expect.
  boolean agrees(PickCase one, String source, Set<String> answers) throws IOException {
    var said =
        weir.json(
            "/explain?format=json&listener="
                + one.name().replace(" ", "%20")
                + "&source="
                + source);
    var eligible = new TreeSet<String>();
    var hashed = new TreeSet<String>();
    for (var cluster : said.getAsJsonArray("clusters")) {
      read(cluster.getAsJsonObject(), eligible, hashed);
    }
    if (!one.sources().isEmpty() && !hashed.isEmpty()) {
      return answers.equals(hashed);
    }
    return eligible.isEmpty()
        ? answers.equals(Set.of(Peer.EOF))
        : answers.stream().allMatch(it -> it.equals(Peer.EOF) || eligible.contains(it));
  }

  private void read(JsonObject cluster, Set<String> eligible, Set<String> hashed) {
    if (cluster.has("hashed_host")) {
      hashed.add(answer(cluster.get("hashed_host")));
    }
    if (!cluster.has("priorities")) {
      return;
    }
    for (var tier : cluster.getAsJsonArray("priorities")) {
      for (var host : tier.getAsJsonObject().getAsJsonArray("hosts")) {
        if (host.getAsJsonObject().get("eligible").getAsBoolean()) {
          eligible.add(answer(host.getAsJsonObject().get("address")));
        }
      }
    }
  }

  private String answer(JsonElement address) {
    int port = Integer.parseInt(address.getAsString().replaceFirst(".*:", ""));
    return "host" + ports.indexOf(port) + " x";
  }
}
