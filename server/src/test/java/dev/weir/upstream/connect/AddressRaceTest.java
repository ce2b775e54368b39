package dev.weir.upstream.connect;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.config.Address;
import dev.weir.config.ClusterConfig.FirstFamily;
import dev.weir.config.ClusterConfig.HappyEyeballs;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// In which order the addresses of a host are tried; `4a` is an IPv4 address, `6a` an IPv6 one.
class AddressRaceTest {

  @ParameterizedTest
  @CsvSource({
    "4a 4b 6a 6b, DEFAULT, 1, 4a 6a 4b 6b",
    "6a 4a 4b 4c, DEFAULT, 1, 6a 4a 4b 4c",
    "6a 4a 4b 4c, V4, 1, 4a 6a 4b 4c",
    "4a 6a 6b 6c, V6, 2, 6a 6b 4a 6c",
    "4a 6a, V6, 1, 6a 4a",
    "4a 4b, V6, 1, 4a 4b",
    "4a 4b 4c 6a, DEFAULT, 2, 4a 4b 6a 4c",
    "6a 6b 6c 6d 4a 4b, DEFAULT, 3, 6a 6b 6c 4a 6d 4b",
  })
  void versionsTakeTurns(String addresses, FirstFamily first, int count, String expected) {
    var given = Stream.of(addresses.split(" ", -1)).map(AddressRaceTest::address).toList();
    assertEquals(
        expected,
        AddressRace.order(given, new HappyEyeballs(first, count)).stream()
            .map(AddressRaceTest::name)
            .collect(joining(" ")));
  }

  private static Address address(String name) {
    int last = name.charAt(1) - 'a' + 1;
    return new Address.Socket((name.charAt(0) == '4' ? "10.0.0." : "fd00::") + last, 80);
  }

  private static String name(Address address) {
    var host = ((Address.Socket) address).host();
    return host.substring(0, 1).replace("1", "4").replace("f", "6")
        + (char) ('a' + host.charAt(host.length() - 1) - '1');
  }
}
