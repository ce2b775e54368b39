package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CelDecoderTest {
  private static final Field AT = Field.root("f");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a ==                       | f: Not able to parse expression: ERROR: <input>:1:5: mismatched
          nosuch(1)                  | f: failed to create an expression: ERROR: <input>:1:7: undeclared reference to 'nosuch'
          string(1)                  | f: failed to create an expression: No overload found in reference resolve step for string
          [1].exists(x, x == 1)      | f: failed to create an expression: Comprehension support is disabled
          a.b.lowerAscii() == 'x'    | f: failed to create an expression: ERROR: <input>:1:15: undeclared reference to 'lowerAscii'
          """)
  void anExpressionThatIsNoneIsRefused(String text, String problem) {
    var refused = assertThrows(InvalidResourceException.class, () -> CelDecoder.text(text, AT));
    assertTrue(refused.problems().getFirst().startsWith(problem), refused::toString);
  }

  @Test
  void namesAndTypesAreLookedAtWhenItIsEvaluated() throws Exception {
    assertFalse(CelDecoder.text("nosuch.x == 1", AT).test(_ -> null));
    assertNull(CelDecoder.text("nosuch.x", AT).print(_ -> null));
    assertTrue(CelDecoder.text("nosuch.x == 1 || 1 != 'a'", AT).test(_ -> null));
    assertFalse(CelDecoder.text("'a text'", AT).test(_ -> null));
    assertTrue(CelDecoder.text("a.b == 5u", AT).test(_ -> Map.of("b", 5L)));
  }

  @Test
  void expressionsAreEqualIfTheySayTheSame() throws Exception {
    assertEquals(CelDecoder.text("a == 1", AT), CelDecoder.text("a == 1", AT));
    assertNotEquals(CelDecoder.text("a == 1", AT), CelDecoder.text("a == 2", AT));
  }

  @Test
  void aConditionThatIsParsedAlreadySaysWhatItsTextWould() throws Exception {
    var condition =
        """
        condition:
          call_expr:
            function: _==_
            args:
            - select_expr: {operand: {ident_expr: {name: a}}, field: b}
            - const_expr: {int64_value: 5}
        """;
    var policy = Wire.parse(condition, Policy.getDefaultInstance());
    var expression = CelDecoder.parsed(policy.getCondition(), AT);
    assertEquals(CelDecoder.text("a.b == 5", AT), expression);
    assertTrue(expression.test(_ -> Map.of("b", 5L)));
  }

  @Test
  void aConditionThatIsNoneIsRefused() {
    var policy = Wire.parse("condition: {id: 1}", Policy.getDefaultInstance());
    var refused =
        assertThrows(
            InvalidResourceException.class, () -> CelDecoder.parsed(policy.getCondition(), AT));
    assertTrue(
        refused.problems().getFirst().startsWith("f: failed to create an expression: "),
        refused::toString);
  }
}
