package dev.weir.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.config.CidrRange;
import dev.weir.config.FilterChainMatch;
import dev.weir.config.FilterChainMatch.Source;
import dev.weir.config.FilterChainMatch.SourceType;
import dev.weir.connection.ConnectionInfo;
import dev.weir.transport.Sockets;
import io.netty.channel.unix.DomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Chains are written as `port destination sni transport alpn direct type source sourcePort`, with
/// `-` for what is not asked for; a connection is `destination:port sni transport alpn
/// source:port`.
class FilterChainIndexTest {

  private static FilterChainMatch match(String text) {
    var parts = text.split(" +", -1);
    return new FilterChainMatch(
        parts[0].equals("-") ? 0 : Integer.parseInt(parts[0]),
        ranges(parts[1]),
        list(parts[2]),
        parts[3].equals("-") ? "" : parts[3],
        list(parts[4]),
        new Source(
            ranges(parts[5]),
            parts[6].equals("-") ? SourceType.ANY : SourceType.valueOf(parts[6]),
            ranges(parts[7]),
            list(parts[8]).stream().map(Integer::parseInt).toList()));
  }

  private static List<String> list(String text) {
    return text.equals("-") ? List.of() : List.of(text.split(","));
  }

  private static List<CidrRange> ranges(String text) {
    return list(text).stream()
        .map(range -> range.split("/"))
        .map(r -> new CidrRange(Sockets.ip(r[0], 0).getAddress(), Integer.parseInt(r[1])))
        .toList();
  }

  private static ConnectionInfo connection(String text) {
    var parts = text.split(" +", -1);
    var info = new ConnectionInfo(address(parts[0]), address(parts[4]));
    info.serverName(parts[1].equals("-") ? "" : parts[1]);
    info.transportProtocol(parts[2]);
    info.applicationProtocols(list(parts[3]));
    return info;
  }

  private static java.net.SocketAddress address(String text) {
    if (text.equals("unix")) {
      return new DomainSocketAddress("/run/s");
    }
    int colon = text.lastIndexOf(':');
    return Sockets.ip(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  private static FilterChainIndex<String> index(Map<String, String> chains) {
    var entries = new ArrayList<FilterChainIndex.Entry<String>>();
    chains.forEach((name, match) -> entries.add(new FilterChainIndex.Entry<>(match(match), name)));
    return FilterChainIndex.of(entries);
  }

  private static void assertFinds(String expected, Map<String, String> chains, String connection) {
    assertEquals(expected, String.valueOf(index(chains).find(connection(connection))));
  }

  @Test
  void withoutChainsNothingIsFound() {
    assertFinds("null", Map.of(), "10.0.0.1:80 - raw_buffer - 1.2.3.4:5");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:80,   port",
    "10.0.0.1:81,   net",
    "10.1.0.1:81,   wide",
    "11.0.0.1:81,   any",
    "'::1:81',      any",
  })
  void aPortGoesBeforeAnAddressAndALongRangeBeforeAShortOne(String destination, String expected) {
    var chains =
        Map.of(
            "port", "80 - - - - - - - -",
            "net", "- 10.0.0.0/24 - - - - - - -",
            "wide", "- 10.0.0.0/8 - - - - - - -",
            "any", "- - - - - - - - -");
    assertFinds(expected, chains, destination + " - raw_buffer - 1.2.3.4:5");
  }

  @Test
  void whatMatchesAPortButNothingElseDoesNotFallBackToChainsOfAnyPort() {
    var chains = Map.of("tls", "443 - a.example - - - - - -", "any", "- - - - - - - - -");
    assertFinds("null", chains, "10.0.0.1:443 b.example tls - 1.2.3.4:5");
    assertFinds("any", chains, "10.0.0.1:444 b.example tls - 1.2.3.4:5");
  }

  @Test
  void whatMatchesALongRangeDoesNotFallBackToAShorterOne() {
    var chains =
        Map.of(
            "inner", "- 10.1.0.0/16 a.example - - - - - -", "outer", "- 10.0.0.0/8 - - - - - - -");
    assertFinds("inner", chains, "10.1.0.1:1 a.example tls - 1.2.3.4:5");
    assertFinds("null", chains, "10.1.0.1:1 b.example tls - 1.2.3.4:5");
    assertFinds("outer", chains, "10.2.0.1:1 b.example tls - 1.2.3.4:5");
  }

  @ParameterizedTest
  @CsvSource({
    "www.a.example,   exact",
    "x.a.example,     wild",
    "y.x.a.example,   wild",
    "a.example,       short",
    "b.example,       short",
    "example,         none",
    "-,               none",
  })
  void aServerNameMatchesExactlyThenByItsLongestEnding(String sni, String expected) {
    var chains =
        Map.of(
            "exact", "- - www.a.example - - - - - -",
            "wild", "- - *.a.example - - - - - -",
            "short", "- - *.example - - - - - -",
            "none", "- - - - - - - - -");
    assertFinds(expected, chains, "10.0.0.1:80 " + sni + " tls - 1.2.3.4:5");
  }

  @ParameterizedTest
  @CsvSource({"tls, tls", "raw_buffer, any"})
  void theTransportProtocolIsExactOrAny(String protocol, String expected) {
    var chains = Map.of("tls", "- - - tls - - - - -", "any", "- - - - - - - - -");
    assertFinds(expected, chains, "10.0.0.1:80 - " + protocol + " - 1.2.3.4:5");
  }

  @ParameterizedTest
  @CsvSource({"'h2,http/1.1', h2", "'http/1.1,h2', h1", "'spdy', any", "'-', any"})
  void theClientsOrderOfProtocolsDecides(String alpn, String expected) {
    var chains =
        Map.of(
            "h2",
            "- - - - h2 - - - -",
            "h1",
            "- - - - http/1.1 - - - -",
            "any",
            "- - - - - - - - -");
    assertFinds(expected, chains, "10.0.0.1:80 - tls " + alpn + " 1.2.3.4:5");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:5,  local",
    "10.0.0.1:5,   local",
    "1.2.3.4:5,    far",
    "unix,         local",
  })
  void aSourceIsLocalByLoopbackOrByTheSameAddress(String source, String expected) {
    var chains =
        Map.of(
            "local", "- - - - - - SAME_IP_OR_LOOPBACK - -",
            "far", "- - - - - - EXTERNAL - -",
            "any", "- - - - - - - - 9");
    assertFinds(expected, chains, "10.0.0.1:80 - tls - " + source);
  }

  @Test
  void onceASourceTypeIsChosenThereIsNoWayBackToAny() {
    var chains = Map.of("local", "- - - - - - SAME_IP_OR_LOOPBACK - 7", "any", "- - - - - - - - -");
    assertFinds("local", chains, "10.0.0.1:80 - tls - 127.0.0.1:7");
    assertFinds("null", chains, "10.0.0.1:80 - tls - 127.0.0.1:8");
    assertFinds("any", chains, "10.0.0.1:80 - tls - 1.2.3.4:8");
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.1.9:70, port",
    "192.168.1.9:71, near",
    "192.168.2.9:70, wide",
    "1.2.3.4:70,     any",
    "unix,           any",
  })
  void theSourceIsMatchedByRangeAndPort(String source, String expected) {
    var chains =
        Map.of(
            "port", "- - - - - - - 192.168.1.0/24 70",
            "near", "- - - - - - - 192.168.1.0/24 -",
            "wide", "- - - - - - - 192.168.0.0/16 -",
            "any", "- - - - - - - - -");
    assertFinds(expected, chains, "10.0.0.1:80 - tls - " + source);
  }

  @Test
  void theDirectSourceIsThePeerOfTheSocketWhateverAProxyHeaderSays() {
    var index =
        index(
            Map.of(
                "balancer", "- - - - - 10.9.0.0/16 - 1.0.0.0/8 -",
                "direct", "- - - - - 1.0.0.0/8 - - -"));
    var info = connection("10.0.0.1:80 - tls - 10.9.0.1:5");
    info.remoteAddress(Sockets.ip("1.2.3.4", 5));
    assertEquals("balancer", index.find(info));
    assertEquals("direct", index.find(connection("10.0.0.1:80 - tls - 1.2.3.4:5")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2001:db8:0:1::9", "2001:db8:0:1:ffff::1"})
  void ipv6RangesMatchBitByBit(String destination) {
    var chains =
        Map.of("net", "- 2001:db8:0:1::/64 - - - - - - -", "v4", "- 0.0.0.0/0 - - - - - - -");
    assertFinds("net", chains, destination + ":80 - tls - ::1:5");
    assertFinds("null", chains, "2001:db8:0:2::9:80 - tls - ::1:5");
    assertFinds("v4", chains, "9.9.9.9:80 - tls - 1.2.3.4:5");
  }

  @Test
  void aChainMayListManyValuesOfALevel() {
    var chains = Map.of("many", "- 10.0.0.0/8,11.0.0.0/8 a.example,b.example - - - - - 7,7,8");
    for (var destination : List.of("10.0.0.1:80", "11.0.0.1:80")) {
      for (var sni : List.of("a.example", "b.example")) {
        assertFinds("many", chains, destination + " " + sni + " tls - 1.2.3.4:8");
      }
    }
  }

  @Test
  void chainsThatServeTheSameConnectionsAreAMistake() {
    var twice =
        Stream.of("- - a.example,b.example - - - - - -", "- - b.example - - - - - -")
            .map(text -> new FilterChainIndex.Entry<>(match(text), text))
            .toList();
    assertThrows(IllegalStateException.class, () -> FilterChainIndex.of(twice));
  }
}
