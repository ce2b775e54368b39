package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Re2Test {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      textBlock =
          """
          ( 'missing ): ('
          [ 'missing ]: ['
          ) 'unexpected ): )'
          a)b 'unexpected ): a)b'
          a** 'bad repetition operator: **'
          * 'no argument for repetition operator: *'
          'a{2,1}' 'invalid repetition size: {2,1}'
          \\ 'trailing \\'
          (?=x) 'invalid perl operator: (?='
          [z-a] 'invalid character class range: z-a'
          \\q 'invalid escape sequence: \\q'
          (?P<n 'invalid named capture group: (?P<n'
          """)
  void aWrongExpressionIsNamedInTheWordsOfRe2(String expression, String words) {
    var error = assertThrows(IllegalArgumentException.class, () -> Re2.compile(expression));
    assertEquals(words, error.getMessage());
  }

  @Test
  void aRightExpressionMatches() {
    assertTrue(Re2.compile("^(server\\.state|a)").matcher("server.state").find());
  }
}
