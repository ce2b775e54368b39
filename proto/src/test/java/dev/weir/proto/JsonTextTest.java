package dev.weir.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Struct;
import io.envoyproxy.envoy.config.core.v3.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Verdicts are those of Envoy 1.40 on a `.json` file.
class JsonTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                               | {}
          {"id": "x"}                      | {"id":"x"}
          {'id': 'x'}                      | {"id":"x"}
          {id: "x"}                        | {"id":"x"}
          {"id": "x",}                     | {"id":"x"}
          {"id": "a", "id": "b"}           | {"id":"b"}
          {"locality": {"zone": "a"}, "locality": {"region": "b"}} | {"locality":{"region":"b","zone":"a"}}
          {"id": null}                     | {}
          {"id": "\\u0041\\/\\"\\t\\ud83d\\ude00"} | {"id":"A/\\"\\t😀"}
          {"client_features": "a"}         | {"client_features":["a"]}
          {"metadata": {"a": 1.5, "b": 1e3, "c": -0.25, "d": [true, false, null]}} | {"metadata":{"a":1.5,"b":1000,"c":-0.25,"d":[true,false,null]}}
          """)
  void jsonIsRead(String text, String json) throws Exception {
    var node = Read.json(text, Node.getDefaultInstance());
    assertEquals(json, WireJson.text(node, WireJson.Layout.COMPACT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                   | not JSON: the end is missing (line 1, column 1)
          []                   | must be an object (got a list) (line 1, column 1)
          {"id": x}            | not JSON: unexpected 'x' (line 1, column 8)
          {"id": yes}          | not JSON: unexpected 'y' (line 1, column 8)
          {"id": true1}        | not JSON: unexpected 'true1' (line 1, column 8)
          {5: 5}               | not JSON: a name is missing (line 1, column 2)
          {"id" "x"}           | not JSON: ':' is missing (line 1, column 7)
          {"id": "x" "y": 1}   | not JSON: ',' is missing (line 1, column 12)
          {"id": "x" /* y */}  | not JSON: ',' is missing (line 1, column 12)
          {"id": "x"} x        | not JSON: something follows the end (line 1, column 13)
          {"id": "x"}{}        | not JSON: something follows the end (line 1, column 12)
          {"id": "x            | not JSON: a string has no end (line 1, column 10)
          {"id":               | not JSON: the end is missing (line 1, column 7)
          {"id": "\\x41"}      | not JSON: unknown escape '\\x' (line 1, column 11)
          {"id": "\\u00"}      | not JSON: '\\u' needs four hexadecimal digits (line 1, column 13)
          {"id": "\\ud83d"}    | not JSON: half of a surrogate pair (line 1, column 16)
          {"metadata": {"a": 0x10}} | not JSON: unexpected 'x' in a number (line 1, column 21)
          {"metadata": {"a": 010}}  | not JSON: unexpected '1' in a number (line 1, column 21)
          {"metadata": {"a": +5}}   | not JSON: unexpected '+' (line 1, column 20)
          {"metadata": {"a": .5}}   | not JSON: unexpected '.' (line 1, column 20)
          {"metadata": {"a": 5.}}   | not JSON: unexpected '.' in a number (line 1, column 21)
          {"metadata": {"a": -}}    | not JSON: unexpected '-' (line 1, column 20)
          {"metadata": {"a": NaN}}  | not JSON: unexpected 'N' (line 1, column 20)
          """)
  void whatIsNoJsonIsRefusedWhereItGoesWrong(String text, String error) {
    var e = assertThrows(WireException.class, () -> Read.json(text, Node.getDefaultInstance()));
    assertEquals(error, e.getMessage());
  }

  @Test
  void aNameMayBeLongAndAStringMayHaveLines() throws Exception {
    var name = "k".repeat(5000);
    var struct = Read.json("{\"" + name + "\": \"a\nb\tc\"}", Struct.getDefaultInstance());
    assertEquals("a\nb\tc", struct.getFieldsOrThrow(name).getStringValue());
  }
}
