package dev.weir.config;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// Tables of cases in one text: blocks divided by lines of `---`, each a verdict on the first line
/// and YAML below.
final class Tables {
  private Tables() {}

  /// The blocks as verdict and YAML.
  static Stream<Arguments> cases(String table) {
    return Arrays.stream(table.split("(?m)^---\\n"))
        .filter(block -> !block.isBlank())
        .map(block -> {
          int line = block.indexOf('\n');
          return Arguments.of(block.substring(0, line).strip(), block.substring(line + 1));
        });
  }

  /// The text with every line moved to the right.
  static String indent(int columns, String text) {
    return text.lines().map(line -> " ".repeat(columns) + line + "\n").reduce("", String::concat);
  }
}
