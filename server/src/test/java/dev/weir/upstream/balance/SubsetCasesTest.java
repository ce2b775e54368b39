package dev.weir.upstream.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SubsetCasesTest {

  static List<SubsetCase> cases() throws IOException {
    var resource =
        Objects.requireNonNull(SubsetCasesTest.class.getResourceAsStream("subset-cases.txt"));
    var cases = new ArrayList<SubsetCase>();
    try (var reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      for (var line : reader.lines().toList()) {
        if (line.startsWith("case ")) {
          cases.add(new SubsetCase(line.substring("case ".length())));
        } else if (!line.isBlank() && !line.startsWith("#")) {
          cases.getLast().add(line);
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void picksGoWhereTheCaseSays(SubsetCase one) {
    assertEquals(List.of(), one.run());
  }
}
