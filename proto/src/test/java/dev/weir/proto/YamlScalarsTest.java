package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Envoy 1.40 made of each scalar, as the value of a string field and of a number field.
class YamlScalarsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          abc         | abc         | refused
          123         | refused     | 123
          1.5         | 1.5         | refused
          true        | refused     | refused
          True        | refused     | refused
          TRUE        | refused     | refused
          yes         | refused     | refused
          Yes         | refused     | refused
          no          | refused     | refused
          on          | refused     | refused
          off         | refused     | refused
          y           | refused     | refused
          n           | refused     | refused
          Y           | refused     | refused
          tRue        | tRue        | refused
          yES         | yES         | refused
          ~           | absent      | absent
          null        | absent      | absent
          Null        | absent      | absent
          NULL        | absent      | absent
          nULL        | nULL        | refused
          ''          | absent      | refused
          ""          | absent      | refused
          "null"      | null        | refused
          0x10        | refused     | 16
          -0x10       | refused     | refused
          +0x1F       | refused     | 31
          0x          | 0x          | refused
          010         | refused     | 8
          00          | refused     | 0
          08          | 08          | 8
          0o10        | 0o10        | refused
          0b11        | 0b11        | refused
          1_000       | 1_000       | refused
          1e3         | 1e3         | 1000
          10e-1       | 10e-1       | 1
          1e-1        | 1e-1        | refused
          1e400       | 1e400       | refused
          1e999999999 | 1e999999999 | refused
          .5          | .5          | refused
          5.0         | 5.0         | 5
          +5          | refused     | 5
          -5          | refused     | refused
          +           | +           | refused
          1:30        | 1:30        | refused
          2024-01-01  | 2024-01-01  | refused
          '123'       | 123         | 123
          "true"      | true        | refused
          '0x10'      | 0x10        | 16
          ' 5'        | ` 5`        | refused
          '5.'        | 5.          | 5
          '.5e1'      | .5e1        | 5
          '٣'         | ٣           | refused
          !!str 123   | refused     | 123
          !!str "5"   | refused     | 5
          !!str ~     | ~           | refused
          !!null x    | x           | refused
          ! 5         | 5           | 5
          !foo 5      | refused     | 5
          a:b         | a:b         | refused
          a #c        | a           | refused
          .inf        | .inf        | refused
          .nan        | .nan        | refused
          <<          | <<          | refused
          =           | =           | refused
          4294967295  | refused     | 4294967295
          4294967296  | refused     | refused
          9007199254740991  | refused           | refused
          9007199254740992  | 9007199254740992  | refused
          -9007199254740993 | -9007199254740993 | refused
          12345678901234567890 | 12345678901234567890 | refused
          [5]         | refused     | refused
          {value: 5}  | refused     | 5
          {}          | refused     | 0
          """)
  void aScalarIsWhatEnvoyTakesItFor(String scalar, String asString, String asNumber) {
    assertEquals(asString, read("stat_prefix: " + scalar, true));
    assertEquals(asNumber, read("max_connect_attempts: " + scalar, false));
  }

  private static String read(String yaml, boolean string) {
    try {
      var read = Read.yaml(yaml, TcpProxy.getDefaultInstance());
      if (string) {
        return read.getStatPrefix().isEmpty() ? "absent" : read.getStatPrefix();
      }
      return read.hasMaxConnectAttempts()
          ? Integer.toUnsignedString(read.getMaxConnectAttempts().getValue())
          : "absent";
    } catch (WireException _) {
      return "refused";
    }
  }
}
