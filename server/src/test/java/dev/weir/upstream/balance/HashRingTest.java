package dev.weir.upstream.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.LbConfig.Hashing;
import dev.weir.config.LbConfig.Policy;
import dev.weir.config.LbConfig.Policy.Maglev;
import dev.weir.config.LbConfig.Policy.RingHash;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostList;
import dev.weir.upstream.host.TestHosts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashRingTest {
  private static final long MAXIMUM = 8_388_608;

  private static HashRing ring(List<Host> hosts, long minimum, boolean murmur, Hashing hashing) {
    return HashRing.of(
        HashWeights.of(HostList.of(hosts)), new RingHash(minimum, MAXIMUM, murmur, hashing));
  }

  /// Six hosts at ports from a number on; twelve places.
  private static List<Host> six(int firstPort) {
    var hosts = new ArrayList<Host>();
    for (int i = 0; i < 6; i++) {
      int port = firstPort + i;
      hosts.add(TestHosts.host("127.0.0.1:" + port).hostname("" + port).make());
    }
    return hosts;
  }

  private static void assertPlace(HashRing ring, String hash, int owner) {
    assertEquals(owner, ring.at(Long.parseUnsignedLong(hash)));
  }

  @ParameterizedTest
  @CsvSource({
    "833437586790550860, 4",
    "928266305478181108, 2",
    "1033482794131418490, 0",
    "3551244743356806947, 5",
    "3551244743356806948, 3",
    "3851675632748031481, 3",
    "5583722120771150861, 1",
    "6311230543546372928, 1",
    "7700377290971790572, 3",
    "13144177310400110813, 5",
    "13444792449719432967, 2",
    "15516499411664133160, 4",
    "16117243373044804889, 0",
    "0, 4",
    "18446744073709551615, 4",
  })
  void placesAreThoseOfXxHash(String hash, int owner) {
    assertPlace(ring(six(90), 12, false, Hashing.DEFAULT), hash, owner);
  }

  @ParameterizedTest
  @CsvSource({
    "1358027074129602068, 5",
    "4361834613929391114, 3",
    "7224494972555149682, 4",
    "7701421856454313576, 1",
    "8649315368077433379, 2",
    "8739448859063030639, 4",
    "9887544217113020895, 1",
    "10150910876324007731, 2",
    "15168472011420622455, 3",
    "15427156902705414897, 0",
    "16375050414328759093, 5",
    "17613279263364193813, 0",
  })
  void placesAreThoseOfMurmurHash(String hash, int owner) {
    assertPlace(ring(six(80), 12, true, Hashing.DEFAULT), hash, owner);
  }

  @ParameterizedTest
  @CsvSource({
    "1975508444536362413, 5",
    "2376063919839173711, 5",
    "2386806903309390596, 3",
    "6803900775736438537, 3",
  })
  void hostsMayBeHashedByName(String hash, int owner) {
    assertPlace(ring(six(90), 12, false, new Hashing(true, 0)), hash, owner);
  }

  @Test
  void aHashKeyInTheMetadataGoesBeforeNameAndAddress() {
    var keyed = six(90);
    var hosts = new ArrayList<Host>();
    for (int i = 0; i < 6; i++) {
      hosts.add(
          TestHosts.host("10.0.0.1:" + (1 + i)).lb("hash_key", keyed.get(i).toString()).make());
    }
    assertPlace(ring(hosts, 12, false, Hashing.DEFAULT), "3551244743356806947", 5);
  }

  @Test
  void theHashOfAnAddressIsThatOfItsText() {
    assertEquals("17084065887361098711", Long.toUnsignedString(Hashes.xx64("10.0.0.1")));
  }

  @Test
  void aRingIsNeverLargerThanItsMaximum() {
    var weights = HashWeights.of(HostList.of(six(90)));
    var ring = HashRing.of(weights, new RingHash(1024, 100, false, Hashing.DEFAULT));
    assertEquals(100, ring.size().planned());
  }

  @Test
  void theLeastWeightedHostHasAWholeNumberOfPlaces() {
    var hosts =
        List.of(
            TestHosts.host("10.0.0.1:80").weight(1).make(),
            TestHosts.host("10.0.0.2:80").weight(1000).make());
    var size = ring(hosts, 1024, false, Hashing.DEFAULT).size();
    assertEquals(2, size.least());
    assertEquals(2000, size.most());
  }

  @Test
  void whenAHostGoesOnlyItsHashesMove() {
    // One place for each host, before as after; more would change in number, as rings are kept at
    // their size.
    assertEquals(0, movedWithoutNeed(new RingHash(1, MAXIMUM, false, Hashing.DEFAULT)));
  }

  @Test
  void whenAHostGoesAMaglevTableMovesFewOthers() {
    int moved = movedWithoutNeed(new Maglev(65_537, Hashing.DEFAULT));
    assertTrue(moved < 1000, moved + " of 10000");
  }

  private static int movedWithoutNeed(Policy policy) {
    var balancers = new TestBalancers(policy);
    var hosts = TestHosts.hosts(20);
    var gone = hosts.get(7);
    var before = balancers.build(hosts);
    var after = balancers.build(hosts.stream().filter(host -> host != gone).toList());
    int moved = 0;
    for (int i = 0; i < 10_000; i++) {
      var request = balancers.request().hash(balancers.random.nextLong());
      var owner = before.pick(request);
      moved += owner != gone && owner != after.pick(request) ? 1 : 0;
    }
    return moved;
  }

  @Test
  void anUnchangedPriorityKeepsItsTable() {
    var balancers = new TestBalancers(new RingHash(1024, MAXIMUM, false, Hashing.DEFAULT));
    var hosts = TestHosts.hosts(3);
    balancers.build(hosts);
    balancers.stats.scope("cluster.c.tables").gauge("size").set(-1);
    balancers.build(hosts);
    assertEquals(-1, balancers.stat("tables.size"));
    balancers.build(TestHosts.hosts(2));
    assertEquals(1024, balancers.stat("tables.size"));
  }
}
