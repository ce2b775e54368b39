package dev.weir.transport.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SniSelectorTest {
  private static final List<SniSelector.Entry<String>> CERTIFICATES =
      List.of(
          new SniSelector.Entry<>("rsa", List.of("a.test", "both.test"), false),
          new SniSelector.Entry<>("ec", List.of("B.test", "both.test"), true),
          new SniSelector.Entry<>("wild", List.of("*.wild.test"), true));

  private final SniSelector<String> first = new SniSelector<>(CERTIFICATES, false);
  private final SniSelector<String> scanning = new SniSelector<>(CERTIFICATES, true);

  @Test
  void aNameChoosesTheCertificatesThatHaveIt() {
    assertEquals(List.of("rsa"), first.select("a.test"));
    assertEquals(List.of("ec"), first.select("b.TEST"));
  }

  @Test
  void ecdsaComesBeforeRsa() {
    assertEquals(List.of("ec", "rsa"), first.select("both.test"));
  }

  @Test
  void anAsteriskStandsForOneLabel() {
    assertEquals(List.of("wild"), first.select("x.wild.test"));
    assertEquals(List.of("rsa"), first.select("x.y.wild.test"));
  }

  @Test
  void aNameThatNobodyHasGetsTheFirstUnlessAllAreToBeConsidered() {
    assertEquals(List.of("rsa"), first.select("unknown.test"));
    assertEquals(List.of("ec", "wild", "rsa"), scanning.select("unknown.test"));
  }

  @Test
  void withoutANameAllAreConsidered() {
    assertEquals(List.of("ec", "wild", "rsa"), first.select(""));
  }

  @Test
  void aCertifiedNameIsForItsHostsOnly() {
    assertTrue(PeerCheck.isFor("*.a.test", "x.A.test"));
    assertFalse(PeerCheck.isFor("*.a.test", "a.test"));
    assertFalse(PeerCheck.isFor("*.a.test", "x.y.a.test"));
    assertFalse(PeerCheck.isFor("a.test", "xa.test"));
  }
}
