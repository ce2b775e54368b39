package dev.weir.xds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XdstpNameTest {
  @Test
  void aNameHasParts() {
    var name = XdstpName.parse("xdstp://some%2Fbody/envoy.T/a/b%3Fc?y=2&x=1%26&y=3&z");
    assertEquals(
        new XdstpName("some/body", "envoy.T", "a/b?c", Map.of("x", "1&", "y", "2", "z", "")), name);
    assertEquals("xdstp://some%2Fbody/envoy.T/a/b%3Fc?x=1%26&y=2&z=", name.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "plain?b=1&a=2, plain?b=1&a=2",
    "xdstp://a/T/x?b=1&a=2, xdstp://a/T/x?a=2&b=1",
    "xdstp://a/T/%78, xdstp://a/T/x",
    "xdstp://a/T/x y, xdstp://a/T/x y",
    "xdstp://a/T/ü, xdstp://a/T/%C3%BC",
    "xdstp://a/T/%zz%, xdstp://a/T/%25zz%25",
    "xdstp:///T, xdstp:///T",
    "xdstp://a/T/, xdstp://a/T",
    "xdstp://nothing, xdstp://nothing",
  })
  void everySpellingHasOneCanonicalForm(String name, String canonical) {
    assertEquals(canonical, XdstpName.canonical(name));
    assertEquals(canonical, XdstpName.canonical(canonical));
  }

  @ParameterizedTest
  @CsvSource({
    "plain, does not begin with xdstp://",
    "xdstp:a, does not begin with xdstp://",
    "xdstp://a, Resource type missing",
    "xdstp://a/, Resource type missing",
    "xdstp://a//x, Resource type missing",
    "xdstp://a/?x=1, Resource type missing",
    "xdstp://a/T/x#entry=y, directives (#…) are not supported",
  })
  void whatIsNoNameIsSaid(String name, String reason) {
    var error = assertThrows(IllegalArgumentException.class, () -> XdstpName.parse(name));
    assertEquals("'" + name + "': " + reason, error.getMessage());
  }

  @Test
  void aCollectionHoldsWhatDiffersInTheLastSegmentOnly() {
    assertEquals("xdstp://a/T/x/*", XdstpName.collectionOf("xdstp://a/T/x/y"));
    assertEquals("xdstp://a/T/*?b=/&c=1", XdstpName.collectionOf("xdstp://a/T/y?b=/&c=1"));
    assertNull(XdstpName.collectionOf("xdstp://a/T/x/*"));
    assertNull(XdstpName.collectionOf("a/b"));
    assertTrue(XdstpName.isCollection("xdstp://a/T/*?b=1"));
    assertFalse(XdstpName.isCollection("xdstp://a/T/x*"));
    assertFalse(XdstpName.isCollection("*"));
  }
}
