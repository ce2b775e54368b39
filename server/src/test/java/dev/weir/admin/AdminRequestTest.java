package dev.weir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminRequestTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      textBlock =
          """
          /stats;                                    /stats; {}
          /stats?usedonly&filter=a;                  /stats; {usedonly=, filter=a}
          /stats?filter=^(server\\.state|b)$;        /stats; {filter=^(server\\.state|b)$}
          /stats?filter=%5E%28a%7Cb%29%24;           /stats; {filter=^(a|b)$}
          /stats?filter=50%;                         /stats; {filter=50%}
          /stats?filter=%zz;                         /stats; {filter=%zz}
          /stats?filter=a=b;                         /stats; {filter=a=b}
          /stats?filter=a+b;                         /stats; {filter=a+b}
          /stats?filter=%c3%bc;                      /stats; {filter=ü}
          /stats?a=1&a=2;                            /stats; {a=1}
          /stats?&&;                                 /stats; {}
          """)
  void theTargetIsTakenAsItComes(String target, String path, String query) {
    var request = AdminRequest.of("GET", target);
    assertEquals(path, request.path());
    assertEquals(query, request.query().toString());
  }

  @ParameterizedTest
  @CsvSource({"/x?a=, true, none", "/x, false, none", "/x?a=1, true, 1", "/x?a, true, none"})
  void anEmptyValueIsNone(String target, boolean present, String value) {
    var request = AdminRequest.of("GET", target);
    assertEquals(present, request.has("a"));
    assertEquals(value, request.value("a", "none"));
    assertEquals(Map.of(), AdminRequest.of("GET", "/x").query());
  }
}
