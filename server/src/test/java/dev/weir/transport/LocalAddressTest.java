package dev.weir.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.Inet6Address;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalAddressTest {

  @ParameterizedTest
  @EnumSource
  void thereIsAlwaysOneOfTheVersionThatWasAskedFor(LocalAddress version) {
    var address = version.find();
    assertEquals(version == LocalAddress.IPV6, address instanceof Inet6Address);
    assertFalse(address.isAnyLocalAddress() || address.isLinkLocalAddress(), address::toString);
  }
}
