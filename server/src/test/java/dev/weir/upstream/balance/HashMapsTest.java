package dev.weir.upstream.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.LbConfig.Hashing;
import dev.weir.config.LbConfig.Policy;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.TestHosts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Source addresses must go to the hosts that Envoy 1.40 was seen to send them to.
class HashMapsTest {

  /// A line of `hash-maps.txt`.
  record Line(Policy policy, List<Host> hosts, String sizes, String owners) {}

  static Stream<Line> lines() {
    var resource = Objects.requireNonNull(HashMapsTest.class.getResourceAsStream("hash-maps.txt"));
    try (var reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(HashMapsTest::parse)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Line parse(String line) {
    var words = line.split(" ", -1);
    int size = Integer.parseInt(words[1]);
    var policy =
        switch (words[0]) {
          case "MAGLEV" -> new Policy.Maglev(size, Hashing.DEFAULT);
          case "RING_HASH" -> new Policy.RingHash(size, 8_388_608, false, Hashing.DEFAULT);
          case "RING_HASH/murmur" -> new Policy.RingHash(size, 8_388_608, true, Hashing.DEFAULT);
          default -> throw new IllegalArgumentException(line);
        };
    var hosts = new ArrayList<Host>();
    for (var host : words[2].split(",", -1)) {
      hosts.add(
          TestHosts.host("127.0.0.1:2310" + host.charAt(0))
              .weight(Long.parseLong(host.substring(2)))
              .make());
    }
    return new Line(policy, hosts, words[3], words[4]);
  }

  private static List<String> sources() {
    var sources = new ArrayList<String>();
    for (int i = 2; i <= 60; i++) {
      sources.add("127.0.0." + i);
    }
    for (int a : new int[] {1, 77}) {
      for (int b : new int[] {0, 3, 200}) {
        for (int c = 1; c <= 40; c++) {
          sources.add("127." + a + "." + b + "." + c);
        }
      }
    }
    return sources;
  }

  @ParameterizedTest
  @MethodSource("lines")
  void everySourceAddressGoesToItsHost(Line line) {
    var balancers = new TestBalancers(line.policy);
    var balancer = balancers.build(line.hosts);
    var owners = new StringBuilder();
    for (var source : sources()) {
      var host = balancer.pick(balancers.request().hash(Hashes.xx64(source)));
      var text = String.valueOf(host);
      owners.append(text.charAt(text.length() - 1));
    }
    assertEquals(line.owners, owners.toString());
  }

  @ParameterizedTest
  @MethodSource("lines")
  void sizesAreShown(Line line) {
    var balancers = new TestBalancers(line.policy);
    balancers.build(line.hosts);
    var sizes =
        line.policy instanceof Policy.Maglev
            ? balancers.stat("tables.min_entries_per_host")
                + ","
                + balancers.stat("tables.max_entries_per_host")
            : balancers.stat("tables.size")
                + ","
                + balancers.stat("tables.min_hashes_per_host")
                + ","
                + balancers.stat("tables.max_hashes_per_host");
    assertEquals(line.sizes, sizes);
  }
}
